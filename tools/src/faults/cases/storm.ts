import { waitFor } from '@kilowatch/testing';
import type { Fault } from '../fault.js';
import { judgeBooks } from '../judge-books.js';
import type { Stage } from '../stage.js';

const BACK_WITHIN_MS = 90_000;
const AWAY_MS = 3_000;
const LAG_MOST_S = 1;
/** What the chart gives a gateway. */
const MEMORY_MOST_BYTES = 1024 ** 3;
const LOOK_EVERY_MS = 500;
const ACCEPT_PER_SECOND = 10;

/** Fault 9: the gateway dies, all chargers come back at once and hammer on the door ten times a second. */
export const STORM: Fault = {
  name: 'reconnect-storm',
  number: 9,
  what: `all chargers come back at once, ten attempts a second each; ${ACCEPT_PER_SECOND} a second are let in`,
  promises: ['P1', 'P2', 'P3', 'P6', 'P7'],
  chargers: 100,
  system: { extraEnv: { 'ocpp-gateway': { KW_OCPP_ACCEPT_PER_SECOND: String(ACCEPT_PER_SECOND) } } },
  async play(stage) {
    const fleet = await stage.fleet(stage.chargers, {
      backOff: { minimumMs: 50, randomMs: 100, maximumMs: 50 },
    });
    const running = await stage.charging(fleet);
    await stage.system.kill('ocpp-gateway');
    await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
    const failures = () =>
      fleet.reduce((sum, { charger }) => sum + charger.connectFailures.filter(isRefusal).length, 0);
    const before = failures();
    await stage.system.revive('ocpp-gateway');
    const began = performance.now();
    const load = watchGateway(stage);
    const all = () => fleet.every(({ charger }) => charger.isOnline());
    const back = await waitFor('every charger to be back', all, { timeoutMs: BACK_WITHIN_MS }).catch(
      () => false,
    );
    const seconds = (performance.now() - began) / 1000;
    await stage.readings(running, 1);
    const { lagSeconds, memoryBytes, looks } = await load.stop();
    const refused = failures() - before;
    stage.say(
      `all back after ${seconds.toFixed(1)} s and ${refused} attempts refused with 503; event loop at most ${lagSeconds.toFixed(2)} s late, ${(memoryBytes / 1024 ** 2).toFixed(0)} MiB`,
    );
    stage.judge('P6', back ? [] : [`not every charger was back within ${BACK_WITHIN_MS / 1000} s`]);
    stage.judge('P7', [
      ...(looks > 0 ? [] : ['the gateway could not be asked how it is']),
      ...(refused > 0 ? [] : ['nobody was refused: there was no storm']),
      ...(lagSeconds < LAG_MOST_S ? [] : [`the gateway's event loop was ${lagSeconds.toFixed(2)} s late`]),
      ...(memoryBytes < MEMORY_MOST_BYTES ? [] : [`the gateway took ${memoryBytes} bytes`]),
    ]);
    stage.endAll(fleet);
    await judgeBooks(stage);
  },
};

const isRefusal = (failure: string) => failure.includes('503');

interface GatewayLoad {
  readonly lagSeconds: number;
  readonly memoryBytes: number;
  readonly looks: number;
}

/** The worst of what the gateway says of itself, twice a second. */
function watchGateway({ system }: Stage): { stop: () => Promise<GatewayLoad> } {
  const url = `http://127.0.0.1:${system.addresses.http['ocpp-gateway']}/metrics`;
  let wanted = true;
  const worst = { lagSeconds: 0, memoryBytes: 0, looks: 0 };
  const loop = (async () => {
    // The first look is at the start of the process, which has nothing to do with the storm; looking begins a new span.
    await metrics(url);
    while (wanted) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      const text = await metrics(url);
      if (text === undefined) continue;
      worst.looks += 1;
      worst.lagSeconds = Math.max(worst.lagSeconds, valueOf(text, 'nodejs_eventloop_lag_p99_seconds'));
      worst.memoryBytes = Math.max(worst.memoryBytes, valueOf(text, 'process_resident_memory_bytes'));
    }
  })();
  return {
    stop: async () => {
      wanted = false;
      await loop;
      return worst;
    },
  };
}

/** Undefined while it is starting. */
async function metrics(url: string): Promise<string | undefined> {
  try {
    return await (await fetch(url, { signal: AbortSignal.timeout(5_000) })).text();
  } catch {
    return undefined;
  }
}

function valueOf(text: string, metric: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`${metric} `));
  return Number(line?.split(' ')[1] ?? 0);
}
