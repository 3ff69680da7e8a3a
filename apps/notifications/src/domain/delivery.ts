/**
 * Delivery of an alert by e-mail. At least once towards the mail server: an attempt is counted and leased before the
 * server is asked, so a process that dies in between costs a repetition with the same Message-ID, never a loss.
 */
import type { AlertKind } from './alert.js';

export type DeliveryState = 'PENDING' | 'SENT' | 'FAILED';

/**
 * SHORT: an hour and a half, for what helps only at once, and for servers that say no for good. LONG: three days, because a mail server may
 * be away for that long (RFC 5321 4.5.4.1), and letters and bills count from when they were written.
 */
export type Patience = 'SHORT' | 'LONG';

export const MOST_ATTEMPTS: Readonly<Record<Patience, number>> = { SHORT: 8, LONG: 32 };

/** What somebody is to do about a session while it runs. */
const WHILE_IT_RUNS: readonly AlertKind[] = ['CHARGING_STARTED', 'FULLY_CHARGED', 'MONEY_LOW'];
const AT_ONCE: readonly AlertKind[] = [...WHILE_IT_RUNS, 'CHARGING_INTERRUPTED', 'MONEY_USED_UP'];

/** Undefined: a mail about the account. */
export function patienceFor(kind: AlertKind | undefined): Patience {
  return kind !== undefined && AT_ONCE.includes(kind) ? 'SHORT' : 'LONG';
}

/** A mail that waited until its session was over says nothing any more. */
export function isOvertaken(kind: AlertKind, sessionEnded: boolean): boolean {
  return sessionEnded && WHILE_IT_RUNS.includes(kind);
}

/** An attempt that has not reported back after this long is taken for dead. Longer than all time-outs of the client together. */
export const LEASE_MS = 120_000;

const FIRST_DELAY_MS = 5_000;
const LONGEST_DELAY_MS = 3 * 3_600_000;

/** Wait after attempt n (1-based): 5 s, 15 s, 45 s ... an hour after the seventh, then three each; undefined when it was the last. */
export function delayAfter(attempt: number, patience: Patience): number | undefined {
  if (attempt >= MOST_ATTEMPTS[patience]) return undefined;
  return Math.min(FIRST_DELAY_MS * 3 ** (attempt - 1), LONGEST_DELAY_MS);
}
