import { cpus } from 'node:os';
import { LoadCharger } from './load-charger.js';
import { machineCpuMs, spent, total, usageOf } from './cpu.js';

export interface LoadOptions {
  readonly url: string;
  readonly chargers: readonly { identity: string; token: string }[];
  readonly version: '1.6' | '2.0.1';
  readonly seconds: number;
  /** Processes whose CPU counts, by name. */
  readonly pids: () => ReadonlyMap<string, number>;
  /** Resolves when work that the load left behind (events, invoices) is done: it belongs to the bill. */
  readonly quiet: () => Promise<void>;
}

export interface LoadResult {
  readonly messages: number;
  readonly messagesPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU-ms per message, per process. */
  readonly cpuMsPerMessage: ReadonlyMap<string, number>;
  readonly cpuMsPerMessageAll: number;
  /** What processes that are not of this load took of the machine meanwhile, 0 to 1: they make every message dearer. */
  readonly othersShare: number;
}

const WARM_UP_MS = 3_000;
const METER_MESSAGES = 20;

/** Closed loop: each charger sends its next call when the last is answered. CPU is measured until the system is quiet again. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  let latencies: number[] = [];
  const fleet = options.chargers.map(
    ({ identity, token }) =>
      new LoadCharger(
        `${options.url}/${identity}`,
        { version: options.version, token, meterMessages: METER_MESSAGES },
        (ms) => latencies.push(ms),
      ),
  );
  await Promise.all(fleet.map((charger) => charger.connect()));
  let over = false;
  const running = Promise.all(fleet.map((charger) => charger.run(() => over)));
  await Promise.race([running, pause(WARM_UP_MS)]);
  latencies = [];
  const before = usageOf(options.pids());
  const machineBefore = machineCpuMs();
  const ownBefore = process.cpuUsage();
  const began = performance.now();
  await Promise.race([running, pause(options.seconds * 1000)]);
  over = true;
  await running;
  const seconds = (performance.now() - began) / 1000;
  await options.quiet();
  const cpu = spent(before, usageOf(options.pids()));
  const own = process.cpuUsage(ownBefore);
  const others = machineCpuMs() - machineBefore - total(cpu.values()) - (own.user + own.system) / 1000;
  const machineMs = (performance.now() - began) * cpus().length;
  fleet.forEach((charger) => charger.close());
  const messages = latencies.length;
  latencies.sort((a, b) => a - b);
  return {
    messages,
    messagesPerSecond: messages / seconds,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    cpuMsPerMessage: new Map([...cpu].map(([name, ms]) => [name, ms / messages])),
    cpuMsPerMessageAll: total(cpu.values()) / messages,
    othersShare: Math.max(0, others) / machineMs,
  };
}

export function percentile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return 0;
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
