/**
 * The papers of an invoice or credit note, attached to the mail that tells of it. They are asked of billing when the mail is sent; no event
 * and no row has them. A mail is worth more than its papers: while billing cannot be asked it waits for a few of its attempts, then it goes
 * without them and says so.
 */
import type { ErrorKind } from '@kilowatch/kernel';

export interface Paper {
  readonly name: string;
  readonly mediaType: string;
  readonly content: Buffer;
}

export interface Papers {
  readonly attached: readonly Paper[];
  /** Names of those that are too large for a mail. */
  readonly tooLarge: readonly string[];
  /** Nobody gave any. */
  readonly missing: boolean;
}

/** All papers of one mail; in base64 that is 4 MB, which every mail server takes. */
export const MOST_PAPER_BYTES = 3_000_000;

export const NO_PAPERS: Papers = { attached: [], tooLarge: [], missing: true };

/** So many attempts at a mail wait for its papers: three minutes and a half (`delayAfter`). */
const WAITING_ATTEMPTS = 5;

/** Billing knows the answer: asking again changes nothing. */
const REFUSALS: readonly ErrorKind[] = ['INVALID', 'FORBIDDEN', 'NOT_FOUND', 'PRECONDITION'];

/** Whether the mail is better tried again later; `attempt` counts from 1. */
export function isWorthWaiting(failure: ErrorKind, attempt: number): boolean {
  return !REFUSALS.includes(failure) && attempt < WAITING_ATTEMPTS;
}
