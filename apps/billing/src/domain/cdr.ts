/**
 * Charge detail records: immutable once issued (docs/ocpi-notes.md R1). A correction is a credit CDR, which copies
 * everything and negates total_cost only (R2), followed by a new CDR. Its periods suffice to price the session again.
 */
import { type Decimal, type MilliWattHours, conflict, decimal, invalid, kwhDecimal } from '@kilowatch/kernel';
import type { Amount, ComponentTotals, PricePeriod, PricingPeriod } from '@kilowatch/pricing';
import type { BillDecision } from './decision.js';
import type { BilledPrice, LockedPrice, Quote } from './quote.js';

/** Dimensions OCPI allows in the charging periods of a CDR and that we have (docs/ocpi-notes.md R3). */
export type CdrDimensionType =
  | 'ENERGY'
  | 'TIME'
  | 'PARKING_TIME'
  | 'RESERVATION_TIME'
  | 'MIN_POWER'
  | 'MAX_POWER'
  | 'MIN_CURRENT'
  | 'MAX_CURRENT';

export interface CdrDimension {
  readonly type: CdrDimensionType;
  /** kWh, hours, kW or A. */
  readonly volume: Decimal;
}

export interface Cdr {
  readonly id: string;
  readonly sessionId: string;
  readonly issuedAt: Date;
  readonly start: Date;
  readonly end: Date;
  readonly currency: string;
  readonly tariffId: string;
  readonly tariffVersion: number;
  readonly tariffDocument: unknown;
  readonly timeZone: string;
  readonly quoteId: string;
  readonly quoteHash: string;
  readonly energyMwh: MilliWattHours;
  readonly chargingMs: number;
  readonly heldMs: number;
  /** Billed idle. */
  readonly idleMs: number;
  readonly graceMs: number;
  readonly reservedMs: number;
  readonly total: Amount;
  readonly components: ComponentTotals;
  readonly price: BilledPrice;
  readonly credit: boolean;
  readonly creditReferenceId: string | null;
  readonly remark: string | null;
  /** What a person decided; absent where nobody had to. */
  readonly decision?: BillDecision;
  /** Of a reservation that no session used (docs/ocpi-notes.md R5); then it is `sessionId`, too. */
  readonly reservationId?: string;
}

export interface CdrRequest {
  readonly id: string;
  readonly sessionId: string;
  readonly issuedAt: Date;
  readonly quote: LockedPrice & Pick<Quote, 'tariffId'>;
  readonly price: BilledPrice;
  readonly remark?: string | undefined;
  readonly decision?: BillDecision | undefined;
  readonly reservationId?: string | undefined;
}

const MAX_ID = 36;
const MAX_CREDIT_ID = 39;

export function issueCdr(request: CdrRequest): Cdr {
  const { id, sessionId, issuedAt, quote, price, remark, decision, reservationId } = request;
  const [first, last] = [price.periods[0], price.periods[price.periods.length - 1]];
  if (!first || !last)
    throw invalid('BILLING_CDR_EMPTY', 'A session without any period has no CDR.', { sessionId });
  assertId(id, MAX_ID);
  return {
    id,
    sessionId,
    issuedAt,
    start: first.start,
    end: last.end,
    currency: price.currency,
    tariffId: quote.tariffId,
    tariffVersion: quote.tariffVersion,
    tariffDocument: quote.document,
    timeZone: quote.timeZone,
    quoteId: quote.id,
    quoteHash: quote.hash,
    energyMwh: price.energyMwh,
    chargingMs: price.durationMs.CHARGING,
    heldMs: price.durationMs.HELD,
    idleMs: price.durationMs.IDLE,
    graceMs: price.durationMs.GRACE,
    reservedMs: price.durationMs.RESERVED,
    total: price.total,
    components: price.components,
    price,
    credit: false,
    creditReferenceId: null,
    remark: remark ?? null,
    ...(decision ? { decision } : {}),
    ...(reservationId === undefined ? {} : { reservationId }),
  };
}

/** What of a CDR its credit changes; the rest is copied, stored or not. */
type Creditable = Pick<Cdr, 'id' | 'total' | 'credit' | 'remark'>;
type Changed = 'id' | 'issuedAt' | 'total' | 'credit' | 'creditReferenceId' | 'remark';

/** Throws CONFLICT for the credit of a credit. */
export function creditCdr<Original extends Creditable>(
  original: Original,
  { id, issuedAt, remark }: { id: string; issuedAt: Date; remark?: string },
): Omit<Original, Changed> & Pick<Cdr, Changed> {
  if (original.credit) {
    throw conflict('BILLING_CDR_IS_CREDIT', 'A credit cannot be credited.', { id: original.id });
  }
  if (id === original.id) throw invalid('BILLING_CDR_ID', 'A credit CDR needs an id of its own.', { id });
  assertId(id, MAX_CREDIT_ID);
  const { excl, vat, incl } = original.total;
  return {
    ...original,
    id,
    issuedAt,
    total: { excl: excl.neg(), vat: vat.neg(), incl: incl.neg() },
    credit: true,
    creditReferenceId: original.id,
    remark: remark ?? original.remark,
  };
}

/**
 * OCPI dimensions of one period. HELD is time charging (docs/ocpi-notes.md R4); GRACE is neither charging nor billed
 * parking.
 */
export function cdrDimensions(period: PricePeriod): CdrDimension[] {
  const hours = decimal(period.end.getTime() - period.start.getTime())
    .div('3600000')
    .round(10);
  if (period.kind === 'RESERVED') return [{ type: 'RESERVATION_TIME', volume: hours }];
  const dimensions: CdrDimension[] = [{ type: 'ENERGY', volume: kwhDecimal(period.energyMwh) }];
  if (period.kind === 'CHARGING' || period.kind === 'HELD') dimensions.push({ type: 'TIME', volume: hours });
  if (period.kind === 'IDLE') dimensions.push({ type: 'PARKING_TIME', volume: hours });
  const thousandths = (value: number) => decimal(value).times('0.001');
  dimensions.push(
    { type: 'MIN_POWER', volume: thousandths(period.powerW.min) },
    { type: 'MAX_POWER', volume: thousandths(period.powerW.max) },
  );
  if (period.currentMa.max > 0) {
    dimensions.push(
      { type: 'MIN_CURRENT', volume: thousandths(period.currentMa.min) },
      { type: 'MAX_CURRENT', volume: thousandths(period.currentMa.max) },
    );
  }
  return dimensions;
}

/** The periods of a CDR as input for pricing it again. */
export function periodsToReprice(cdr: Pick<Cdr, 'price'>): PricingPeriod[] {
  return cdr.price.periods.map((period) => ({ ...period }));
}

function assertId(id: string, max: number): void {
  // OCPI CiString: printable ASCII.
  if (id.length === 0 || id.length > max || !/^[\x20-\x7e]+$/.test(id)) {
    throw invalid('BILLING_CDR_ID', `A CDR id has 1 to ${max} printable characters.`, { id });
  }
}
