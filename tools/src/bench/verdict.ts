import type { IdleMemory } from './idle.js';
import type { LoadResult } from './load.js';
import type { MonthBooks } from './month.js';
import type { JoinResult } from './open-loop.js';

/** How much more a message may cost when there is much more of something that should not matter. */
export const GROWTH_PERCENT = 10;
/** Longest that 99 of 100 may wait for an answer, from the moment they were due to ask. */
export const OPEN_LOOP_P99_MS = 50;
/** All that come at once are in and booted within this time, ... */
export const JOINED_WITHIN_MS = 30_000;
/** ... and none of those at work waits longer than this for an answer meanwhile. */
export const WORKING_MAX_MS = 1_000;
/** Memory of an open connection that says nothing, in all processes. */
export const IDLE_KB = 20;
/** Fewer connections do not stand out from what the processes do anyway. */
export const ENOUGH_CONNECTIONS = 1_500;

/** Readings that a second of CPU of metering and Postgres takes in, from gRPC to their commit. */
export const ROWS_PER_CPU_SECOND = 50_000;
/** How much longer a look may take with many rows stored than with few. */
export const CURVE_RATIO = 1.3;

/** CPU of all processes for the price and CDR of a session, ... */
export const BILLED_CPU_MS = 2;
/** ... and with invoice, bookings and document. */
export const PDF_CPU_MS = 15;

export interface Verdict {
  readonly passed: boolean;
  readonly line: string;
}

/** A desktop's own life. */
const QUIET_SHARE = 0.1;

type Cost = Pick<LoadResult, 'cpuMsPerMessageAll'>;

/** CPU of everything that works for a message, Postgres and NATS included. */
export function judgeCost(name: string, { cpuMsPerMessageAll: cost }: Cost, mostMs: number): Verdict {
  return verdict(
    cost <= mostMs,
    `${name}: ${cost.toFixed(3)} CPU-ms a message, at most ${mostMs.toFixed(3)}`,
  );
}

/** The same of any question that is asked again and again. */
export function judgeEach(name: string, { cpuMsPerMessageAll: cost }: Cost, mostMs: number): Verdict {
  return verdict(
    cost <= mostMs,
    `${name}: ${cost.toFixed(3)} CPU-ms in all processes, at most ${mostMs.toFixed(1)}`,
  );
}

/** What a station that comes back may cost of what its first connection did: its password is not hashed again. */
const RECONNECT_SHARE = 0.1;

export function judgeReconnects(first: Cost, again: Cost): Verdict {
  const share = again.cpuMsPerMessageAll / first.cpuMsPerMessageAll;
  const costs = [first, again].map(({ cpuMsPerMessageAll }) => cpuMsPerMessageAll.toFixed(2)).join(' -> ');
  return verdict(
    share <= RECONNECT_SHARE,
    `a station that comes back: ${costs} CPU-ms, ${(share * 100).toFixed(1)} % of the first time, at most ${RECONNECT_SHARE * 100} %`,
  );
}

export function judgeBilled(name: string, cpuMs: number, most: number): Verdict {
  return verdict(cpuMs <= most, `${name}: ${cpuMs.toFixed(2)} CPU-ms in all processes, at most ${most}`);
}

/** Each cent is where the sheet has it. */
export function judgeBooks(
  { problems, invoices, inclCents }: Pick<MonthBooks, 'problems' | 'invoices' | 'inclCents'>,
  sessions: number,
): Verdict {
  const sum = `${(Number(inclCents) / 100).toLocaleString('en', { minimumFractionDigits: 2 })} EUR`;
  return verdict(
    problems.length === 0,
    `${invoices.toLocaleString('en')} invoices of ${sessions.toLocaleString('en')} sessions, ${sum}: ${problems.length} differences from the sheet`,
  );
}

/** A message of this load is a row. What others make of it after the commit is not counted. */
export function judgeRows({ cpuMsPerMessage }: Pick<LoadResult, 'cpuMsPerMessage'>, least: number): Verdict {
  const cost = (cpuMsPerMessage.get('metering') ?? 0) + (cpuMsPerMessage.get('postgres') ?? 0);
  const rows = Math.round(1_000 / cost);
  return verdict(
    rows >= least,
    `readings from gRPC to commit: ${rows.toLocaleString('en')} rows per CPU-second of metering and Postgres, at least ${least.toLocaleString('en')}`,
  );
}

/** What a look costs in CPU-ms of all processes, with so many rows stored: time is what the machine has for others, too. */
export function judgeCurve(
  [few = 0, many = 0]: readonly number[],
  [before = 0, after = 0]: readonly number[],
  most: number,
): Verdict {
  const ratio = after / before;
  return verdict(
    ratio <= most,
    `a curve with ${many.toLocaleString('en')} rows stored: ${ratio.toFixed(2)} times the CPU of one with ${few.toLocaleString('en')} (${before.toFixed(2)} -> ${after.toFixed(2)} CPU-ms), at most ${most}`,
  );
}

/** `few` and `many`: the same load on a system with little and with much history, with no and with many idle connections. */
export function judgeGrowth(name: string, few: Cost, many: Cost): Verdict {
  const percent = (many.cpuMsPerMessageAll / few.cpuMsPerMessageAll - 1) * 100;
  return verdict(
    percent <= GROWTH_PERCENT,
    `${name}: ${percent >= 0 ? '+' : ''}${percent.toFixed(1)} % CPU a message, at most +${GROWTH_PERCENT.toFixed(1)} %`,
  );
}

/** A schedule that was not kept says nothing about those who kept it: `planned` messages must have been sent. */
export function judgeOpenLoop(
  name: string,
  { messages, p99Ms }: Pick<LoadResult, 'messages' | 'p99Ms'>,
  planned: number,
): Verdict {
  const kept = Math.abs(messages - planned) <= planned / 100;
  const sent = kept ? '' : `; ${messages} messages instead of ${planned}`;
  return verdict(
    kept && p99Ms < OPEN_LOOP_P99_MS,
    `${name}: 99 of 100 answers within ${p99Ms.toFixed(1)} ms of their time, less than ${OPEN_LOOP_P99_MS}${sent}`,
  );
}

export function judgeJoin({ joined, lastBootedAfterMs, working }: JoinResult): Verdict[] {
  return [
    verdict(
      lastBootedAfterMs <= JOINED_WITHIN_MS,
      `${joined} chargers at once: all booted after ${(lastBootedAfterMs / 1000).toFixed(1)} s, at most ${JOINED_WITHIN_MS / 1000}`,
    ),
    verdict(
      working.messages > 0 && working.maxMs <= WORKING_MAX_MS,
      `chargers at work meanwhile: longest answer ${working.maxMs.toFixed(0)} ms of ${working.messages}, at most ${WORKING_MAX_MS}`,
    ),
  ];
}

/** Undefined where too few were open to tell. */
export function judgeIdle({ connections, kbAll }: IdleMemory): Verdict | undefined {
  if (connections < ENOUGH_CONNECTIONS) return undefined;
  return verdict(
    kbAll <= IDLE_KB,
    `idle connection: ${kbAll.toFixed(1)} KB in all processes, at most ${IDLE_KB}`,
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
