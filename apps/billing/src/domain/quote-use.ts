/**
 * Which price a session gets: the accepted quote when it is the driver's own, for this connector and still good, else the tariff
 * of its start. While nobody knows whose session it is its price is provisional; the first driver who is told locks it for the whole session.
 */
import type { Quote } from './quote.js';
import { isDriverKnown, type ToldDriver } from './told-driver.js';

export interface OfferedQuote extends Pick<Quote, 'expiresAt' | 'timeZone'> {
  readonly accountId: string;
  readonly connectorId: string;
  /** Set once a session has it: a quote prices one session. */
  readonly sessionId: string | undefined;
}

/** A driver who accepted in the last minute still has this long to plug in. */
const PLUG_IN_MS = 15 * 60_000;

export interface QuotedSession {
  readonly accountId: string;
  /** Empty while the station has not said which. */
  readonly connectorId: string;
  readonly timeZone: string;
  readonly startedAt: Date;
}

export function isUsable(quote: OfferedQuote, session: QuotedSession): boolean {
  return (
    quote.sessionId === undefined &&
    quote.accountId !== '' &&
    quote.accountId === session.accountId &&
    isForPlace(quote, session) &&
    session.startedAt.getTime() < quote.expiresAt.getTime() + PLUG_IN_MS
  );
}

/**
 * A price is promised for one connector. When a station never says which one it was, a quote holds where the clock is the
 * same: what was promised must not be lost to a silent station.
 */
function isForPlace(quote: OfferedQuote, { connectorId, timeZone }: QuotedSession): boolean {
  return connectorId === '' ? quote.timeZone === timeZone : quote.connectorId === connectorId;
}

export interface HeldQuote {
  /** Empty: the price of nobody, or of a token without an account. */
  readonly accountId: string;
  /** Unset while it is provisional. */
  readonly lockedAt: Date | undefined;
}

/** Whether the price that a session has gives way to that of the driver who is told now. */
export function givesWay(held: HeldQuote, driver: ToldDriver): boolean {
  return driver.accountId === ''
    ? held.lockedAt === undefined && isDriverKnown(driver)
    : held.accountId === '';
}

export interface Dated<T> {
  readonly from: Date;
  readonly value: T;
}

/** What was valid at an instant; before the first, the first. `history` in order of time. */
export function validAt<T>(history: readonly Dated<T>[], at: Date): T | undefined {
  return (history.findLast((entry) => entry.from <= at) ?? history[0])?.value;
}
