/**
 * Delivery of an alert by e-mail. At least once towards the mail server: an attempt is counted and leased before the
 * server is asked, so a process that dies in between costs a repetition with the same Message-ID, never a loss.
 */
export type DeliveryState = 'PENDING' | 'SENT' | 'FAILED';

export const MOST_ATTEMPTS = 8;

/** An attempt that has not reported back after this long is taken for dead. Longer than all time-outs of the client together. */
export const LEASE_MS = 120_000;

const FIRST_DELAY_MS = 5_000;

/** Wait after attempt n (1-based): 5 s, 15 s, 45 s ... an hour after the seventh, an hour and a half in all; undefined when it was the last. */
export function delayAfter(attempt: number): number | undefined {
  return attempt >= MOST_ATTEMPTS ? undefined : FIRST_DELAY_MS * 3 ** (attempt - 1);
}
