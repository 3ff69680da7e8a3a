/** How each rule reads its signs under a tenant's policy, and how much of them is kept. */
import { JUDGES, type Judge } from './attempt-judges.js';
import type { Reading } from './attempt-history.js';
import { thresholdsOf, type AttemptPolicy, type AttemptRule } from './attempt-rules.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface Keeping {
  /** Of rules without a window of their own: how far back a sign matters. */
  readonly windowMs?: number;
  readonly latenessMs: number;
  readonly most: number;
  readonly everySignCounts: boolean;
  readonly visitMs?: number;
}

/** What was asked at once comes late only when events were held up. */
const LIVE: Keeping = { latenessMs: HOUR_MS, most: 300, everySignCounts: true };
/** Stations tell of what happened while they were offline, too. */
const TOLD_LATER = { latenessMs: DAY_MS, most: 150 };

const KEEPING: Readonly<Record<AttemptRule, Keeping>> = {
  TOKEN_GUESSING: LIVE,
  KEY_CODE_GUESSING: LIVE,
  TOKEN_AT_MANY_STATIONS: { ...TOLD_LATER, everySignCounts: true },
  // At 150 km/h a day is 3,600 km: who flew farther is no suspect. Who shows a card and starts with it has been at the place once; nobody gets anywhere within the minute.
  IMPOSSIBLE_TRAVEL: {
    ...TOLD_LATER,
    windowMs: DAY_MS,
    everySignCounts: false,
    visitMs: MINUTE_MS,
  },
  CONCURRENT_USE: LIVE,
  REVOKED_CONTRACT: { ...TOLD_LATER, windowMs: 30 * DAY_MS, everySignCounts: true },
  FORGED_CHAIN: LIVE,
  SEQUENTIAL_UIDS: { ...LIVE, everySignCounts: false },
  STATION_CREDENTIAL: LIVE,
  IDENTITY_SCAN: LIVE,
  // The socket of before may have been opened weeks ago.
  NEW_NETWORK: { latenessMs: HOUR_MS, most: 50, windowMs: 30 * DAY_MS, everySignCounts: false },
  CONNECTION_FLAPPING: LIVE,
  PROFILE_DOWNGRADE: LIVE,
  UNAUTHORISED_START: LIVE,
  MASTER_PASS_START: LIVE,
  // Meters may close a session days after a station that was offline told of it.
  OFFLINE_ENERGY: { latenessMs: 7 * DAY_MS, most: 150, windowMs: HOUR_MS, everySignCounts: false },
};

export function readingOf(policy: AttemptPolicy, rule: AttemptRule): Reading {
  const { windowMs, ...keeping } = KEEPING[rule];
  const values: Readonly<Record<string, number>> = thresholdsOf(policy, rule);
  const longest = Math.max(values['windowSeconds'] ?? 0, values['rejectionWindowSeconds'] ?? 0) * 1000;
  // The table holds the judge of each rule for that rule's thresholds; of a rule known only at run time no type can say so.
  const judge = JUDGES[rule] as Judge<AttemptRule>;
  return {
    ...keeping,
    windowMs: windowMs ?? longest,
    quietMs: quietMsOf(policy, rule),
    judge: (window, all) => judge(window, values as Parameters<typeof judge>[1], all),
  };
}

export function quietMsOf(policy: AttemptPolicy, rule: AttemptRule): number {
  return thresholdsOf(policy, rule).quietSeconds * 1000;
}

/** After that without a sign nothing that is kept of a key matters any more. */
export function keptMs(policy: AttemptPolicy, rule: AttemptRule): number {
  const { windowMs, latenessMs, quietMs } = readingOf(policy, rule);
  return windowMs + latenessMs + quietMs;
}
