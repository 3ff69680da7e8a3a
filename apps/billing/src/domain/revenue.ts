/**
 * Revenue: what bills, credit notes and the payment provider's fees come to, by period and place. A bill counts on the day its invoice was
 * issued, on the seller's calendar, as it does in the ledger; what is on no invoice (roaming, nothing to pay) on the day of its CDR.
 */
import { invalid, type Decimal } from '@kilowatch/kernel';
import type { TaxRow } from '@kilowatch/pricing';
import { csv } from './csv.js';

export const REVENUE_GROUPS = ['TENANT', 'LOCATION', 'STATION'] as const;
export type RevenueGroup = (typeof REVENUE_GROUPS)[number];
export const REVENUE_PERIODS = ['DAY', 'MONTH', 'YEAR'] as const;
export type RevenuePeriod = (typeof REVENUE_PERIODS)[number];

/** Days of the seller's calendar as `2026-03-01`, both inclusive. */
export interface RevenueRange {
  readonly from: string;
  readonly to: string;
  readonly by: RevenueGroup;
  readonly period: RevenuePeriod;
}

export interface RevenueTax extends Omit<TaxRow, 'percent'> {
  /** Null: a price whose rate nobody said. */
  readonly percent: Decimal | null;
}

export interface RevenueRow {
  /** `2026-03-01`, `2026-03` or `2026`. */
  readonly period: string;
  /** Empty: of the tenant as a whole, or of no place (the fee of a top-up). */
  readonly locationId: string;
  readonly locationName: string;
  readonly stationId: string;
  readonly stationIdentity: string;
  readonly currency: string;
  /** Of invoices less credit notes, before taxes: the account `revenue` of the ledger. */
  readonly net: Decimal;
  readonly tax: Decimal;
  readonly taxes: readonly RevenueTax[];
  /** Of `net`: what was taken back. */
  readonly creditedNet: Decimal;
  readonly creditNotes: number;
  /** Before taxes, of sessions of roaming partners: their price by the CDR, which is on no invoice of ours. */
  readonly partnerNet: Decimal;
  /** What the payment provider kept. */
  readonly providerFees: Decimal;
  readonly energyMwh: number;
  /** Bills less what was taken back of them. */
  readonly sessions: number;
}

/** A row's place in the list, in the order of the list. */
export type RevenueKey = readonly [period: string, locationId: string, stationId: string, currency: string];

export const revenueKey = ({ period, locationId, stationId, currency }: RevenueRow): RevenueKey => [
  period,
  locationId,
  stationId,
  currency,
];

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
/** More rows than that are nobody's overview, and make a database work for long. */
const MOST_DAYS: Readonly<Record<RevenuePeriod, number>> = { DAY: 400, MONTH: 3_700, YEAR: 7_400 };

/** Throws INVALID for days that are none, the wrong way round, or too many for such periods. */
export function checkRange<Range extends RevenueRange>(range: Range): Range {
  const [from, to] = [dayNumber(range.from), dayNumber(range.to)];
  if (from > to) throw invalid('BILLING_REVENUE_RANGE', 'The last day is before the first.');
  const most = MOST_DAYS[range.period];
  if (to - from >= most) {
    throw invalid('BILLING_REVENUE_RANGE', `By ${range.period.toLowerCase()} ask for ${most} days at most.`);
  }
  return range;
}

function dayNumber(day: string): number {
  const at = DAY.test(day) ? new Date(`${day}T00:00:00Z`) : undefined;
  // 30 February is a day in March to a Date.
  if (!at || at.toISOString().slice(0, 10) !== day) {
    throw invalid('BILLING_REVENUE_DAY', 'A day is written like 2026-03-01.', { day });
  }
  return at.getTime() / 86_400_000;
}

const HEADER = [
  ...['period', 'location_id', 'location', 'station_id', 'station', 'currency'],
  ...[
    'net',
    'tax',
    'gross',
    'taxes',
    'credited_net',
    'credit_notes',
    'partner_net',
    'provider_fees',
    'energy_kwh',
    'sessions',
  ],
] as const;

/** RFC 4180, decimal points, one line a row; the rates of the taxes in one cell: `VAT 21%: 4.20`. */
export function revenueCsv(rows: readonly RevenueRow[]): string {
  return csv(
    HEADER,
    rows.map((row) => [
      row.period,
      row.locationId,
      row.locationName,
      row.stationId,
      row.stationIdentity,
      row.currency,
      row.net.toFixed(2),
      row.tax.toFixed(2),
      row.net.plus(row.tax).toFixed(2),
      row.taxes.map(taxText).join('; '),
      row.creditedNet.toFixed(2),
      String(row.creditNotes),
      row.partnerNet.toFixed(2),
      row.providerFees.toFixed(2),
      (row.energyMwh / 1_000_000).toFixed(6),
      String(row.sessions),
    ]),
  );
}

const taxText = ({ name, percent, amount }: RevenueTax) =>
  `${name} ${percent === null ? '?' : percent.toFixed()}%: ${amount.toFixed(2)}`;
