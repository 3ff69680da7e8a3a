import type { LoadResult } from './load.js';

export interface Targets {
  /** CPU of everything that works for a message, Postgres and NATS included. */
  readonly cpuMsPerMessage: number;
  /** How much more a message may cost when a thousand times as many readings are stored. */
  readonly growthPercent: number;
}

export interface Verdict {
  readonly passed: boolean;
  readonly line: string;
}

/** A desktop's own life. */
const QUIET_SHARE = 0.1;

type Cost = Pick<LoadResult, 'cpuMsPerMessageAll'>;

export function judgeCost(name: string, result: Cost, targets: Targets): Verdict {
  const { cpuMsPerMessageAll: cost } = result;
  const passed = cost <= targets.cpuMsPerMessage;
  return verdict(
    passed,
    `${name}: ${cost.toFixed(3)} CPU-ms a message, at most ${targets.cpuMsPerMessage.toFixed(3)}`,
  );
}

/** `few` and `many`: the same load on a system with little and with much history. */
export function judgeGrowth(name: string, few: Cost, many: Cost, targets: Targets): Verdict {
  const percent = (many.cpuMsPerMessageAll / few.cpuMsPerMessageAll - 1) * 100;
  const passed = percent <= targets.growthPercent;
  return verdict(
    passed,
    `${name}: ${percent >= 0 ? '+' : ''}${percent.toFixed(1)} % CPU a message, at most +${targets.growthPercent.toFixed(1)} %`,
  );
}

/** A machine that is busy with something else says nothing about us, neither way. Undefined where it was quiet enough. */
export function disturbance(results: readonly Pick<LoadResult, 'othersShare'>[]): string | undefined {
  const most = Math.max(0, ...results.map((result) => result.othersShare));
  if (most <= QUIET_SHARE) return undefined;
  return `DISTURBED  other processes took up to ${(most * 100).toFixed(0)} % of the machine (column "others"): measure again when it is quiet`;
}

/** The run that other processes on the machine disturbed least. */
export function cheapest(results: readonly LoadResult[]): LoadResult {
  const [first, ...rest] = results;
  if (!first) throw new Error('there is no result to choose from');
  return rest.reduce(
    (best, result) => (result.cpuMsPerMessageAll < best.cpuMsPerMessageAll ? result : best),
    first,
  );
}

function verdict(passed: boolean, text: string): Verdict {
  return { passed, line: `${passed ? 'PASS' : 'FAIL'}  ${text}` };
}
