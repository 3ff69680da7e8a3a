import { SimulatedTime, VirtualCharger, aVehicle, waitFor, type LedgerEntry } from '@kilowatch/testing';
import { allDayTariff } from '../demo/price-judge.js';
import { seedDemo, type SeededDemo } from '../seed/seed-demo.js';
import { DEMO_STATION_PASSWORD, DEMO_STATIONS, DEMO_TOKENS } from '../seed/demo-data.js';
import { SERVICES } from '../system/services.js';
import { deadLetters, quietSystem } from '../system/quiet-system.js';
import type { System } from '../system/start-system.js';
import { audit, readBooks } from './session-book.js';

/** Everything that can be killed, in the order it is. */
export const TARGETS = [...SERVICES.map((service) => service.name), 'postgres', 'nats'];

const SPEED = 300;
const AWAY_MS = 1_500;
/** docs/promises.md P6: when a fault is over, the system is quiet within this time. */
const QUIET_MS = 60_000;

/** When a car was full is not what a fault is judged by: a charger tells it once and keeps no copy. */
const NEVER_FULL = aVehicle({ batteryWh: 1_000_000 });

export interface FaultOutcome {
  readonly target: string;
  readonly problems: readonly string[];
  readonly seconds: number;
}

/**
 * Kills each target in turn in the middle of a session on a 1.6 and a 2.0.1 charger, brings it back, lets the sessions end, and
 * compares the books with the chargers' own ledgers. Sessions before a fault are audited again after it. Then the system
 * must be quiet: no event unpublished, none set aside.
 */
export async function faultSmoke(
  system: System,
  targets: readonly string[],
  report: (outcome: FaultOutcome) => void,
): Promise<FaultOutcome[]> {
  const people = await seedDemo(system.graphqlUrl, allDayTariff());
  const chargers = DEMO_STATIONS.slice(0, 2).map(
    (station) =>
      new VirtualCharger({
        url: system.ocppUrl,
        identity: station.identity,
        password: DEMO_STATION_PASSWORD,
        version: station.protocol === 'ocpp1.6' ? '1.6' : '2.0.1',
        meterIntervalMs: 60_000,
        time: new SimulatedTime({ start: new Date(Date.now() - 72 * 3_600_000), speed: SPEED }),
        retry: { waitMs: 500 },
        backOff: { minimumMs: 200, randomMs: 200, maximumMs: 1_000 },
        answerTimeoutMs: 10_000,
      }),
  );
  const outcomes: FaultOutcome[] = [];
  try {
    await Promise.all(chargers.map((charger) => charger.start()));
    for (const target of targets) {
      const outcome = await underFault(system, target, chargers, people);
      outcomes.push(outcome);
      report(outcome);
    }
  } finally {
    await Promise.all(chargers.map((charger) => charger.shutdown()));
    for (const client of Object.values(people)) await client.close();
  }
  return outcomes;
}

async function underFault(
  system: System,
  target: string,
  chargers: readonly VirtualCharger[],
  people: SeededDemo,
): Promise<FaultOutcome> {
  const began = performance.now();
  const problems: string[] = [];
  try {
    await Promise.all(chargers.map((charger) => charger.online()));
    chargers.forEach((charger, index) => {
      charger.plugIn(1, NEVER_FULL);
      charger.begin(DEMO_TOKENS[index]!.value, 1);
    });
    const running = chargers.map((charger) => charger.ledger.at(-1)!);
    await waitFor(
      'readings of both sessions',
      () => running.every((entry) => entry.acknowledgedReadings >= 3),
      {
        timeoutMs: 20_000,
      },
    );
    await system.kill(target);
    await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
    await system.revive(target);
    // Ends while the system may still be finding its feet: the chargers' queues carry it.
    chargers.forEach((charger) => {
      charger.end(1);
      charger.unplug(1);
    });
    await waitFor(
      'the chargers to be rid of their messages',
      () => chargers.every((c) => c.queuedMessages === 0),
      {
        timeoutMs: 60_000,
      },
    );
    const ledger = chargers.flatMap((charger) => charger.ledger);
    problems.push(...(await settledAudit(people, ledger)));
    await quietSystem(system.addresses.databaseUrl, QUIET_MS);
    problems.push(...(await deadLetters(system.addresses.databaseUrl)));
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  }
  return { target, problems, seconds: (performance.now() - began) / 1000 };
}

/** The differences that remain once the system had time to become quiet. */
async function settledAudit(people: SeededDemo, ledger: readonly LedgerEntry[]): Promise<string[]> {
  let last: string[] = ['the books could not be read'];
  try {
    await waitFor(
      'books and ledgers to agree',
      async () => {
        last = audit(ledger, await readBooks(people.operator));
        return last.length === 0;
      },
      { timeoutMs: QUIET_MS, everyMs: 250 },
    );
    return [];
  } catch {
    return last;
  }
}
