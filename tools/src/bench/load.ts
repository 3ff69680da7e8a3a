import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { connectionsOf, machineCpuMs, spent, spentByService, total, usageOf } from './cpu.js';
import { LoadCharger } from './load-charger.js';
import { Latencies, type LatencySummary } from './latencies.js';

export interface Target {
  /** Of the charger port, without the station. */
  readonly url: string;
  /** Processes whose CPU counts, by name. */
  readonly pids: () => ReadonlyMap<string, number>;
  /** Resolves when work that a load left behind (events, invoices) is done: it belongs to the bill. */
  readonly quiet: () => Promise<void>;
}

export interface BenchCharger {
  readonly identity: string;
  readonly token: string;
}

export interface LoadOptions extends Target {
  readonly chargers: readonly BenchCharger[];
  readonly version: '1.6' | '2.0.1';
  readonly seconds: number;
}

export interface LoadResult extends LatencySummary {
  readonly messagesPerSecond: number;
  /** CPU-ms per message, per process. */
  readonly cpuMsPerMessage: ReadonlyMap<string, number>;
  readonly cpuMsPerMessageAll: number;
  /** What of Postgres' is the connections' of each service. */
  readonly postgresByService: ReadonlyMap<string, number>;
  /** What processes that are not of this load took of the machine meanwhile, 0 to 1: they make every message dearer. */
  readonly othersShare: number;
  /** Calls that got an error or no answer: more than none on a machine that is not overloaded is a defect. */
  readonly sentAgain: number;
}

export const WARM_UP_MS = 3_000;
/** Of 18 messages of a session: 72 %, as in the table of others that stands beside ours. */
export const METER_MESSAGES = 13;

/** Closed loop: each charger sends its next call when the last is answered. CPU is measured until the system is quiet again. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  let latencies = new Latencies();
  const fleet = options.chargers.map(
    ({ identity, token }) =>
      new LoadCharger(
        `${options.url}/${identity}`,
        { version: options.version, token, meterMessages: METER_MESSAGES },
        (ms) => latencies.note(ms),
      ),
  );
  await Promise.all(fleet.map((charger) => charger.connect()));
  let over = false;
  const running = Promise.all(fleet.map((charger) => charger.run(() => over)));
  await Promise.race([running, delay(WARM_UP_MS)]);
  latencies = new Latencies();
  const result = await measured(options, fleet, async () => {
    await Promise.race([running, delay(options.seconds * 1000)]);
    over = true;
    await running;
    return { latencies, messages: latencies.size };
  });
  fleet.forEach((charger) => charger.close());
  return result;
}

export interface Worked {
  /** Of the messages whose waiting is judged. */
  readonly latencies: Latencies;
  /** All that were sent meanwhile, those that are not judged too: they cost as much. */
  readonly messages: number;
}

/** Does `work` and counts what it costs, until the system is quiet again. */
export async function measured(
  { pids, quiet }: Pick<Target, 'pids' | 'quiet'>,
  fleet: readonly Pick<LoadCharger, 'sentAgain'>[],
  work: () => Promise<Worked>,
): Promise<LoadResult> {
  const sentAgain = () => total(fleet.map((charger) => charger.sentAgain));
  const sentAgainBefore = sentAgain();
  const postgres = pids().get('postgres');
  const connections = () => (postgres === undefined ? new Map() : connectionsOf(postgres));
  const before = usageOf(pids());
  const connectionsBefore = connections();
  const machineBefore = machineCpuMs();
  const ownBefore = process.cpuUsage();
  const began = performance.now();
  const { latencies, messages } = await work();
  const seconds = (performance.now() - began) / 1000;
  await quiet();
  const cpu = spent(before, usageOf(pids()));
  const ofServices = spentByService(connectionsBefore, connections());
  const perMessage = (spentMs: ReadonlyMap<string, number>) =>
    new Map([...spentMs].map(([name, ms]) => [name, ms / messages]));
  const own = process.cpuUsage(ownBefore);
  const others = machineCpuMs() - machineBefore - total(cpu.values()) - (own.user + own.system) / 1000;
  const machineMs = (performance.now() - began) * cpus().length;
  const summary = latencies.summary();
  return {
    ...summary,
    messagesPerSecond: summary.messages / seconds,
    cpuMsPerMessage: perMessage(cpu),
    postgresByService: perMessage(ofServices),
    cpuMsPerMessageAll: total(cpu.values()) / messages,
    othersShare: Math.max(0, others) / machineMs,
    sentAgain: sentAgain() - sentAgainBefore,
  };
}
