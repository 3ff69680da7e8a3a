/** Which price a session gets: the accepted quote when it is the driver's own and still good, else the tariff of its start. */
import type { Quote } from './quote.js';

export interface OfferedQuote extends Pick<Quote, 'expiresAt'> {
  readonly accountId: string;
  /** Set once a session has it: a quote prices one session. */
  readonly sessionId: string | undefined;
}

/** A driver who accepted in the last minute still has this long to plug in. */
const PLUG_IN_MS = 15 * 60_000;

export function isUsable(quote: OfferedQuote, session: { accountId: string; startedAt: Date }): boolean {
  return (
    quote.sessionId === undefined &&
    quote.accountId !== '' &&
    quote.accountId === session.accountId &&
    session.startedAt.getTime() < quote.expiresAt.getTime() + PLUG_IN_MS
  );
}

export interface Dated<T> {
  readonly from: Date;
  readonly value: T;
}

/** What was valid at an instant; before the first, the first. `history` in order of time. */
export function validAt<T>(history: readonly Dated<T>[], at: Date): T | undefined {
  return (history.findLast((entry) => entry.from <= at) ?? history[0])?.value;
}
