/**
 * What is kept of one rule and key, and the incidents it makes. The outcome depends on the set of signs and their times, not on the
 * order in which they came: signs are put in order, and judged again as long as one before them may still come (the lateness of
 * the rule, counted from the newest sign of the key). What is older is settled: folded into a summary that nothing changes any more.
 */
import type { Severity, Verdict } from './attempt-judges.js';
import { SEVERITIES } from './attempt-judges.js';
import { inOrder, timesOf, type AttemptSignal } from './attempt-signal.js';

/** One stretch of offences of one key. */
export interface Episode {
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly count: number;
  readonly severity: Severity;
  /** The first and the latest signs, in their order; bounded. */
  readonly evidence: readonly AttemptSignal[];
  /** Quiet long enough, as of the newest sign of the key. */
  readonly over: boolean;
}

/** How a rule reads its signs. */
export interface Reading {
  readonly windowMs: number;
  readonly quietMs: number;
  readonly latenessMs: number;
  /** Most signs kept in order; of more the oldest are settled early. */
  readonly most: number;
  /** Every sign prolongs an incident that is open; else only those that the judge objects to. */
  readonly everySignCounts: boolean;
  /** Signs of one site within one such stretch of time (counted from 1970) say the same: of those only the earliest is kept. */
  readonly visitMs?: number | undefined;
  judge(window: readonly AttemptSignal[], all: readonly AttemptSignal[]): Verdict | undefined;
}

export interface AttemptHistory {
  /** Settled signs that are still within a window. */
  readonly before: readonly AttemptSignal[];
  /** Of settled signs, when it was not over by the last of them. */
  readonly going?: Episode | undefined;
  /** In order. */
  readonly recent: readonly AttemptSignal[];
  /** Signs before this are settled; what comes from before it now comes too late. */
  readonly horizon: number;
  /** Signs up to here made an incident that is over and settled. */
  readonly overThrough: number;
  /** Signs up to here made an incident that a person has closed. */
  readonly closedThrough: number;
}

export const NO_HISTORY: AttemptHistory = {
  before: [],
  recent: [],
  horizon: 0,
  overThrough: 0,
  closedThrough: 0,
};

/** Evidence kept of one episode. */
export const FIRST_SIGNS = 5;
export const LATEST_SIGNS = 15;

export interface Added {
  readonly history: AttemptHistory;
  /** In their order; the last one may go on. */
  readonly episodes: readonly Episode[];
  /** What happened before was beyond doubt already: these signs can have changed nothing about it. */
  readonly settledBefore: number;
  /** Signs that came too late to count. */
  readonly late: number;
}

/** Whether taking the signs in would change anything: not when they are held already, or say what is held. */
export function isNews(
  { before, recent, horizon }: AttemptHistory,
  signals: readonly AttemptSignal[],
  { visitMs }: Reading,
): boolean {
  const held = [...before, ...recent];
  return signals.some((signal) => {
    if (signal.at < horizon) return true;
    const same = held.find(
      (one) =>
        one.id === signal.id || (visitMs !== undefined && visitOf(one, visitMs) === visitOf(signal, visitMs)),
    );
    return same === undefined || inOrder(signal, same) < 0;
  });
}

/** Takes in signs that may have come before; those are ignored. */
export function addSignals(
  history: AttemptHistory,
  signals: readonly AttemptSignal[],
  reading: Reading,
): Added {
  const known = new Set([...history.before, ...history.recent].map(({ id }) => id));
  const timely = signals.filter(({ at }) => at >= history.horizon);
  const fresh = timely.filter(({ id }) => !known.has(id) && known.add(id));
  const recent = firstOfVisits([...history.recent, ...fresh].sort(inOrder), history.before, reading);
  const last = recent.at(-1)?.at ?? history.horizon;
  // Whichever sign of a visit came first, the same is settled.
  const newest = reading.visitMs === undefined ? last : last - (last % reading.visitMs);
  const crowded = recent.length > reading.most ? recent[recent.length - reading.most]!.at : 0;
  const horizon = Math.max(history.horizon, newest - reading.latenessMs, crowded);
  const all = [...history.before, ...recent];
  const settled = recent.filter(({ at }) => at < horizon);
  const { closedThrough, overThrough } = history;
  const past = fold({ window: history.before, going: history.going, overThrough }, settled, {
    all,
    closedThrough,
    reading,
  });
  const open = recent.slice(settled.length);
  const present = fold(past, open, { all, closedThrough, reading });
  return {
    history: {
      before: past.window.slice(-reading.most),
      ...(past.going ? { going: past.going } : {}),
      recent: open,
      horizon,
      overThrough: past.overThrough,
      closedThrough,
    },
    episodes: [...past.over, ...present.over, ...(present.going ? [present.going] : [])],
    settledBefore: history.horizon,
    late: signals.length - timely.length,
  };
}

/** `ordered` without those that say what one before them says. */
function firstOfVisits(
  ordered: readonly AttemptSignal[],
  before: readonly AttemptSignal[],
  { visitMs }: Reading,
): readonly AttemptSignal[] {
  if (visitMs === undefined) return ordered;
  const seen = new Set(before.map((signal) => visitOf(signal, visitMs)));
  return ordered.filter((signal) => {
    const visit = visitOf(signal, visitMs);
    return !seen.has(visit) && seen.add(visit);
  });
}

function visitOf({ siteId = '', at }: AttemptSignal, visitMs: number): string {
  return `${siteId}|${Math.floor(at / visitMs)}`;
}

/** A person has looked at it: what comes later is another incident. */
export function closedBy(history: AttemptHistory, through: number): AttemptHistory {
  const { going: _, ...rest } = history;
  return { ...rest, closedThrough: Math.max(history.closedThrough, through) };
}

interface Folding {
  readonly window: readonly AttemptSignal[];
  readonly going?: Episode | undefined;
  readonly overThrough: number;
}

interface Law {
  readonly all: readonly AttemptSignal[];
  readonly closedThrough: number;
  readonly reading: Reading;
}

function fold(
  from: Folding,
  signals: readonly AttemptSignal[],
  { all, closedThrough, reading }: Law,
): Folding & { readonly over: readonly Episode[] } {
  let { window, going, overThrough } = from;
  const over: Episode[] = [];
  for (const signal of signals) {
    window = [...window.filter(({ at }) => at > signal.at - reading.windowMs), signal];
    if (going && signal.at - going.lastSeen >= reading.quietMs) {
      over.push({ ...going, over: true });
      overThrough = going.lastSeen;
      going = undefined;
    }
    if (signal.at <= closedThrough) continue;
    const since = Math.max(closedThrough, overThrough);
    const verdict = reading.judge(window.filter(({ at }) => at > since), all); // prettier-ignore
    if (going) {
      if (verdict || reading.everySignCounts) going = grown(going, signal, verdict?.severity);
    } else if (verdict) going = begun(verdict);
  }
  return { window, going, overThrough, over };
}

function begun({ severity, signals }: Verdict): Episode {
  return {
    firstSeen: signals[0]!.at,
    lastSeen: signals.at(-1)!.at,
    count: timesOf(signals),
    severity,
    evidence: signals.reduce<readonly AttemptSignal[]>(withSign, []),
    over: false,
  };
}

function grown(episode: Episode, signal: AttemptSignal, severity: Severity = 'LOW'): Episode {
  return {
    ...episode,
    lastSeen: Math.max(episode.lastSeen, signal.at),
    count: episode.count + timesOf([signal]),
    severity: moreSevere(episode.severity, severity),
    evidence: withSign(episode.evidence, signal),
  };
}

export function moreSevere(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(a) >= SEVERITIES.indexOf(b) ? a : b;
}

/** Signs come in order, so what is kept does not depend on how they arrived. */
function withSign(
  evidence: readonly AttemptSignal[],
  { next: _, ...signal }: AttemptSignal,
): AttemptSignal[] {
  const kept = [...evidence, signal];
  if (kept.length > FIRST_SIGNS + LATEST_SIGNS) kept.splice(FIRST_SIGNS, 1);
  return kept;
}
