/**
 * What a driver thinks of a session: 1 to 5, reasons from a closed list, and text. Only the driver of a finished
 * session rates it; within seven days of the first time the rating may be replaced.
 */
import { invalid, notFound, precondition } from '@kilowatch/kernel';

export const RATING_REASONS = [
  'DID_NOT_START',
  'SLOW',
  'FAULTY_CONNECTOR',
  'BLOCKED_BAY',
  'PAYMENT',
  'SIGNAGE',
  'HARD_TO_FIND',
  'PRICE',
  'SAFETY',
  'APP',
] as const;
export type RatingReason = (typeof RATING_REASONS)[number];

export const LONGEST_TEXT = 2_000;
export const REPLACE_WITHIN_MS = 7 * 86_400_000;

/** What a driver says. */
export interface Verdict {
  readonly score: number;
  readonly reasons: readonly RatingReason[];
  readonly text: string | undefined;
}

/** A session as far as rating it goes. */
export interface RateableSession {
  readonly accountId: string;
  readonly ended: boolean;
}

/** Throws INVALID; trims the text, drops repeated reasons. Length is counted in characters as people see them. */
export function checkedVerdict(score: number, reasons: readonly string[], text: string | undefined): Verdict {
  if (!Number.isInteger(score) || score < 1 || score > 5) {
    throw invalid('FEEDBACK_SCORE', 'A score is a whole number from 1 to 5.');
  }
  const known = [...new Set(reasons)].filter((reason) => RATING_REASONS.includes(reason as RatingReason));
  if (known.length !== new Set(reasons).size)
    throw invalid('FEEDBACK_REASON', 'This is not a reason to choose from.');
  const trimmed = text?.trim() ?? '';
  if ([...trimmed].length > LONGEST_TEXT) {
    throw invalid('FEEDBACK_TEXT', `The text has at most ${LONGEST_TEXT} characters.`);
  }
  return { score, reasons: known as RatingReason[], text: trimmed === '' ? undefined : trimmed };
}

/** Whether the account may rate the session at `now`; `firstRatedAt` is when it did so for the first time. */
export function canRate(
  session: RateableSession,
  accountId: string,
  firstRatedAt: Date | undefined,
  now: Date,
): boolean {
  if (session.accountId !== accountId || !session.ended) return false;
  return firstRatedAt === undefined || now.getTime() - firstRatedAt.getTime() <= REPLACE_WITHIN_MS;
}

/** Throws NOT_FOUND for a session that is unknown or another's, PRECONDITION when it is too early or too late. */
export function assertCanRate(
  session: RateableSession | undefined,
  accountId: string,
  firstRatedAt: Date | undefined,
  now: Date,
): asserts session {
  if (!session || session.accountId !== accountId) {
    throw notFound('FEEDBACK_SESSION', 'There is no such session.');
  }
  if (!session.ended) throw precondition('FEEDBACK_NOT_ENDED', 'A session can be rated when it has ended.');
  if (!canRate(session, accountId, firstRatedAt, now)) {
    throw precondition('FEEDBACK_TOO_LATE', 'A rating can be changed within seven days.');
  }
}
