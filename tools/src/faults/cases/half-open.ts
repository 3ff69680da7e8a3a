import { startTcpProxy, waitFor } from '@kilowatch/testing';
import { query } from '../deep-books.js';
import type { Fault } from '../fault.js';
import { refusals } from '../hostile/gateway-metrics.js';
import { HOSTILE_SYSTEM, PING_S } from '../hostile/hostile-system.js';
import { judgeBooks } from '../judge-books.js';
import type { Member, Stage } from '../stage.js';

/** The last sign of life may be just after a ping: that one, and two more that are missed. */
const TWO_PINGS_S = 3 * PING_S + 1;
/** What a busy machine may add. */
const SLACK_S = 8;
const BACK_WITHIN_MS = 30_000;

/**
 * Fault 14: TCP that is open on one side only. First the chargers' side is reset and ours is not: they come back at once, and the
 * newest connection has the station. Then nothing passes in either direction: two missed pings, and the station is offline.
 */
export const HALF_OPEN: Fault = {
  name: 'half-open',
  number: 14,
  what: 'connections that are open on one side only: replaced by newer ones, or given up after two pings',
  promises: ['P1', 'P2', 'P3', 'P6', 'P7'],
  chargers: 10,
  system: HOSTILE_SYSTEM,
  async play(stage) {
    const proxy = await startTcpProxy({ port: stage.system.ports.ocpp });
    try {
      const url = `ws://127.0.0.1:${proxy.port}/ocpp`;
      const fleet = await stage.fleet(stage.chargers, { url });
      const running = await stage.charging(fleet);
      const replacedBefore = await refusals(stage, 'taken_over');
      const strandedAt = performance.now();
      proxy.strand();
      await stage.readings(running, 2, BACK_WITHIN_MS);
      stage.say(`reset on their side only: all charge on after ${since(strandedAt)} s`);
      const replaced = (await refusals(stage, 'taken_over')) - replacedBefore;
      stage.judge(
        'P7',
        // Were they let in only after the old connection was found dead, nothing would have been replaced.
        replaced === fleet.length ? [] : [`${replaced} of ${fleet.length} replaced their former connection`],
      );
      stage.judge('P7', await notOnline(stage, fleet));
      proxy.blackHole(true);
      const goneAt = performance.now();
      await waitFor(
        'the gateway to give up connections on which nothing comes',
        async () => (await notOnline(stage, fleet)).length === fleet.length,
        { timeoutMs: (TWO_PINGS_S + SLACK_S) * 1000, everyMs: 250 },
      );
      stage.say(`nothing passes: all offline after ${since(goneAt)} s`);
      proxy.blackHole(false);
      // What was begun in the dark is lost, as a new connection through a router that came back shows at once.
      proxy.cut();
      await stage.readings(running, 2);
      stage.endAll(fleet);
      await judgeBooks(stage);
    } finally {
      await proxy.close();
    }
  },
};

const since = (at: number) => ((performance.now() - at) / 1000).toFixed(1);

/** One sentence for each of them whose connection is not open in the books of the gateway. */
async function notOnline(stage: Stage, fleet: readonly Member[]): Promise<string[]> {
  const rows = await query<{ identity: string }>(
    stage.system.addresses.databaseUrl,
    `select s.identity from ocpp_gateway.station_connection c
       join sessions.station s on s.tenant = c.tenant and s.id = c.station_id
      where c.disconnected_at is not null and s.identity = any($1)`,
    [fleet.map(({ charger }) => charger.identity)],
  );
  return rows.map(({ identity }) => `${identity} is offline`);
}
