import type { QueuedMessage } from '@kilowatch/testing';
import { query } from '../deep-books.js';
import type { Fault } from '../fault.js';
import { judgeBooks } from '../judge-books.js';
import type { Member, Stage } from '../stage.js';

const HOUR_MS = 3_600_000;
const OFFLINE_HOURS = 72;
const READINGS_OFFLINE = 20;

/** Fault 8: what comes late or in another order gives the same totals as what comes in time. */
export const DISORDER: readonly Fault[] = [
  {
    name: 'offline-queue',
    number: 8,
    what: `chargers are offline for ${OFFLINE_HOURS} h: a session ends, another comes and goes, all is told afterwards`,
    promises: ['P1', 'P2', 'P3', 'P6'],
    chargers: 50,
    async play(stage) {
      // An hour of the chargers in a quarter of a second, a reading each hour.
      const fleet = await stage.fleet(stage.chargers, { speed: 14_400, meterIntervalMs: HOUR_MS });
      const offlineMs = (OFFLINE_HOURS * HOUR_MS) / 14_400;
      await stage.charging(fleet);
      await Promise.all(fleet.map(({ charger }) => charger.goOffline()));
      await pass(offlineMs / 2);
      stage.endAll(fleet);
      stage.plugAll(fleet);
      await pass(offlineMs / 2);
      stage.endAll(fleet);
      await backOnline(fleet);
      await judgeBooks(stage);
    },
  },
  {
    name: 'reordered-messages',
    number: 8,
    what: 'offline queues come in any order: 2.0.1 Ended before Started, 1.6 StopTransaction before StartTransaction',
    promises: ['P1', 'P2', 'P3', 'P6'],
    chargers: 50,
    async play(stage) {
      let stopsFirst = 0;
      const fleet = await stage.fleet(stage.chargers, {
        speed: 1_800,
        reorder: (waiting) => {
          const queue = inAnyOrder(stage, waiting);
          if (stopsBeforeStart(queue)) stopsFirst += 1;
          return queue;
        },
      });
      await Promise.all(fleet.map(({ charger }) => charger.start()));
      await Promise.all(fleet.map(({ charger }) => charger.goOffline()));
      stage.plugAll(fleet);
      await pass((READINGS_OFFLINE * 60_000) / 1_800);
      stage.endAll(fleet);
      await backOnline(fleet);
      await judgeBooks(stage);
      stage.say(`${stopsFirst} stops of 1.6 came before their starts`);
    },
  },
  {
    name: 'reordered-events',
    number: 8,
    what: 'every other event of a session is published after all later ones',
    promises: ['P1', 'P2', 'P3', 'P6'],
    chargers: 50,
    async play(stage) {
      const fleet = await stage.fleet();
      await Promise.all(fleet.map(({ charger }) => charger.start()));
      await stage.system.kill('nats');
      await stage.beginAll(fleet);
      stage.endAll(fleet);
      await stage.delivered();
      const withheld = await withholdEveryOther(stage);
      await stage.system.revive('nats');
      await stage.outboxesEmpty();
      stage.judge('P3', withheld > 0 ? [] : ['no event was withheld']);
      stage.say(`${withheld} events come after those that followed them`);
      await release(stage);
      await judgeBooks(stage);
    },
  },
];

/** The wall time in which the chargers' clocks go on. */
function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function backOnline(fleet: readonly Member[]): Promise<void> {
  await Promise.all(fleet.map(({ charger }) => charger.start()));
}

/** Shuffled. A 1.6 charger has no transaction id before its StartTransaction was answered: what comes before names none (-1). */
function inAnyOrder(stage: Stage, waiting: readonly QueuedMessage[]): QueuedMessage[] {
  const shuffled = [...waiting];
  for (let at = shuffled.length - 1; at > 0; at -= 1) {
    const other = stage.random.integer(0, at);
    [shuffled[at], shuffled[other]] = [shuffled[other]!, shuffled[at]!];
  }
  return shuffled;
}

/** A 1.6 queue whose end comes first. */
function stopsBeforeStart(queue: readonly QueuedMessage[]): boolean {
  const actions = queue.map(({ action }) => action);
  const stop = actions.indexOf('StopTransaction');
  return stop >= 0 && stop < actions.indexOf('StartTransaction');
}

/** Every other waiting row (an event, or those of one transaction), of sessions and metering, counts as published: the relay passes it over. */
async function withholdEveryOther({ system }: Stage): Promise<number> {
  let count = 0;
  for (const schema of ['sessions', 'metering']) {
    const rows = await query<{ event_id: string }>(
      system.addresses.databaseUrl,
      `update ${schema}.outbox set published_at = 'epoch'
        where event_id in (select event_id from (select event_id, row_number() over (order by seq) as n
          from ${schema}.outbox where published_at is null) waiting where n % 2 = 1) returning event_id`,
    );
    count += rows.length;
  }
  return count;
}

async function release({ system }: Stage): Promise<void> {
  for (const schema of ['sessions', 'metering'])
    await query(
      system.addresses.databaseUrl,
      `update ${schema}.outbox set published_at = null where published_at = 'epoch'`,
    );
}
