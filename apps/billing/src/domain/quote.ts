/**
 * A quote freezes the price of one session at its start: tariff version, zone and a hash over both. The session is
 * priced from the quote's own copy, so no later change of the tariff can reach it (docs/ocpi-notes.md P8, NEVI 680.116,
 * AFIR 5).
 */
import { type MilliWattHours, internal, mwh, precondition } from '@kilowatch/kernel';
import {
  type Adjustment,
  type Amount,
  type PricedSession,
  type PricingPeriod,
  type ReservationOutcome,
  type ScheduleEntry,
  type Tariff,
  isConditional,
  isTimeVariable,
  isValidAt,
  parseTariff,
  periodsFromSession,
  priceSchedule,
  priceSession,
  reservationOutcome,
  type SessionCourse,
} from '@kilowatch/pricing';
import { canonicalJson } from './canonical-json.js';

export interface Quote {
  readonly id: string;
  readonly tariffId: string;
  readonly tariffVersion: number;
  /** The tariff in OCPI structure, as it was at `lockedAt`. */
  readonly document: unknown;
  readonly timeZone: string;
  readonly currency: string;
  readonly lockedAt: Date;
  /** A quote not used by then must be asked for again. A session begun before keeps it to its end. */
  readonly expiresAt: Date;
  /** The next 24 hours; one entry when the clock changes nothing. */
  readonly schedule: readonly ScheduleEntry[];
  readonly timeVariable: boolean;
  /** The price also depends on energy, duration, power or current. */
  readonly conditional: boolean;
  readonly hash: string;
}

/** SHA-256 as hex text; given by the caller, because the domain has no I/O. */
export type Digest = (text: string) => string;

export interface QuoteRequest {
  readonly id: string;
  readonly document: unknown;
  readonly tariffVersion: number;
  readonly timeZone: string;
  readonly now: Date;
  readonly validForMinutes?: number;
}

/** Throws INVALID for a bad tariff, PRECONDITION `BILLING_TARIFF_NOT_VALID_NOW` outside its validity. */
export function lockQuote(request: QuoteRequest, digest: Digest): Quote {
  const read = readQuote(request, digest);
  const tariff = (read.tariff ??= parseTariff(request.document));
  if (!isValidAt(tariff, request.now)) {
    throw precondition('BILLING_TARIFF_NOT_VALID_NOW', 'This tariff is not valid at this time.', {
      id: tariff.id,
    });
  }
  return {
    id: request.id,
    tariffId: tariff.id,
    tariffVersion: request.tariffVersion,
    document: request.document,
    timeZone: request.timeZone,
    currency: tariff.currency,
    lockedAt: request.now,
    expiresAt: new Date(request.now.getTime() + (request.validForMinutes ?? 15) * 60_000),
    // Of the quotes of sessions nobody asks for it.
    get schedule() {
      return priceSchedule(tariff, request.timeZone, request.now);
    },
    timeVariable: isTimeVariable(tariff),
    conditional: isConditional(tariff),
    hash: read.hash,
  };
}

type HashedParts = Pick<Quote, 'document' | 'tariffVersion' | 'timeZone'>;

/** What pricing needs of a quote; a stored one is without its schedule. */
export type LockedPrice = Pick<Quote, 'id' | 'document' | 'tariffVersion' | 'timeZone' | 'hash'>;

interface ReadQuote {
  readonly hash: string;
  /** Parsed when it is first asked for. */
  tariff: Tariff | undefined;
}

/** Sessions are priced by few tariffs: the same text has the same hash and is the same tariff, which is remembered within bounds. */
const MOST_REMEMBERED = 500;
const remembered = new WeakMap<Digest, Map<string, ReadQuote>>();

function readQuote({ document, tariffVersion, timeZone }: HashedParts, digest: Digest): ReadQuote {
  const known = remembered.get(digest) ?? new Map<string, ReadQuote>();
  remembered.set(digest, known);
  const text = JSON.stringify({ document, tariffVersion, timeZone });
  const read = known.get(text) ?? {
    hash: digest(canonicalJson({ document, tariffVersion, timeZone })),
    tariff: undefined,
  };
  if (known.size >= MOST_REMEMBERED) known.clear();
  known.set(text, read);
  return read;
}

/** The locked tariff. Throws INTERNAL `BILLING_QUOTE_ALTERED` when the stored quote no longer has its hash. */
export function tariffOfQuote(quote: LockedPrice, digest: Digest): Tariff {
  const read = readQuote(quote, digest);
  if (read.hash !== quote.hash) {
    throw internal('BILLING_QUOTE_ALTERED', 'The price of this session must be checked.', {
      quoteId: quote.id,
    });
  }
  return (read.tariff ??= parseTariff(quote.document));
}

/**
 * A price as it is stored and compared. Without the exact figures: they follow from the rest of it, and prices stored
 * before there were any must still be the same when they are recomputed.
 */
export type BilledPrice = Omit<PricedSession, 'exact' | 'adjustment'> & {
  readonly adjustment: BilledAdjustment | null;
};

/** AGREED: a person decided on less than the price. */
export interface BilledAdjustment extends Amount {
  readonly reason: Adjustment['reason'] | 'AGREED';
}

/** For many prices under one quote: it is checked and read once. */
export function pricerOf(
  quote: LockedPrice,
  digest: Digest,
): { readonly idleGraceMinutes: number; price(periods: readonly PricingPeriod[]): PricedSession } {
  const tariff = tariffOfQuote(quote, digest);
  const { timeZone } = quote;
  return {
    idleGraceMinutes: tariff.idleGraceMinutes,
    price: (periods) => priceSession({ tariffs: [tariff], timeZone, periods, reservation: undefined }),
  };
}

/** Live cost, receipt and CDR of a session under its quote. */
export function priceUnderQuote(
  quote: LockedPrice,
  periods: readonly PricingPeriod[],
  digest: Digest,
  reservation?: ReservationOutcome,
): BilledPrice {
  const { exact: _, ...billed } = priceSession({
    tariffs: [tariffOfQuote(quote, digest)],
    timeZone: quote.timeZone,
    periods,
    reservation,
  });
  return billed;
}

/** Of a session as it went, with the reservation it began with. */
export function priceCourse(quote: LockedPrice, course: SessionCourse, digest: Digest): BilledPrice {
  return priceUnderQuote(quote, periodsFromSession(course), digest, reservationOutcome(course));
}

export interface PlannedSession {
  readonly start: Date;
  readonly chargingMinutes: number;
  /** Minutes of billed idle after it. */
  readonly idleMinutes?: number;
  readonly energyMwh: MilliWattHours;
}

/** What a session would cost if it went as planned, at even power. */
export function estimateUnderQuote(quote: Quote, plan: PlannedSession, digest: Digest): BilledPrice {
  const full = new Date(plan.start.getTime() + plan.chargingMinutes * 60_000);
  const end = new Date(full.getTime() + (plan.idleMinutes ?? 0) * 60_000);
  const periods: PricingPeriod[] = [
    { start: plan.start, end: full, kind: 'CHARGING', energyMwh: plan.energyMwh },
  ];
  if (end > full) periods.push({ start: full, end, kind: 'IDLE', energyMwh: mwh(0) });
  return priceUnderQuote(quote, periods, digest);
}
