/**
 * What a person decided about the bill of a session: whether held energy is billed, and at how much; what a bill that was issued is
 * corrected to. The decision is kept with the CDR it led to, which can be priced again from it.
 */
import {
  type Decimal,
  type MilliWattHours,
  ZERO,
  invalid,
  kwhDecimal,
  minorDigits,
  mwh,
  roundMoney,
  storableText,
  sumDecimals,
} from '@kilowatch/kernel';
import type { Amount, SessionCourse, TaxRow, VatRow } from '@kilowatch/pricing';
import type { BilledPrice } from './quote.js';

/** AS_MEASURED: by the energy metering told. ENERGY: by another one. AMOUNT: at most that much, taxes included. WAIVE: for nothing. */
export type DecisionKind = 'AS_MEASURED' | 'ENERGY' | 'AMOUNT' | 'WAIVE';

export interface BillDecision {
  readonly id: string;
  readonly kind: DecisionKind;
  /** Of ENERGY. */
  readonly energyMwh: MilliWattHours | null;
  /** Of AMOUNT. */
  readonly inclVat: Decimal | null;
  readonly reason: string;
  /** Account of the person. */
  readonly decidedBy: string;
  readonly decidedAt: Date;
}

/** More than any vehicle holds: a typing error. */
const MOST_MWH = 5_000_000_000;
const LONGEST_REASON = 500;

/** Watt-hours as a person types them. Throws INVALID `BILLING_ENERGY`. */
export function decidedEnergy(wh: number): MilliWattHours {
  const milli = Math.round(wh * 1000);
  if (!Number.isFinite(wh) || milli < 0 || milli > MOST_MWH) {
    throw invalid('BILLING_ENERGY', 'The energy is between 0 and 5,000,000 Wh.');
  }
  return mwh(milli);
}

/** Throws INVALID `BILLING_REASON`. */
export function decidedReason(text: string): string {
  const reason = storableText(text).trim();
  if (reason === '' || reason.length > LONGEST_REASON) {
    throw invalid('BILLING_REASON', `Say why, in 1 to ${LONGEST_REASON} characters: the driver reads it.`);
  }
  return reason;
}

/** The course with the energy that was decided: spread like the measured one, over the whole session where none was measured. */
export function courseUnder(
  course: SessionCourse,
  decision: Pick<BillDecision, 'kind' | 'energyMwh'> | undefined,
): SessionCourse {
  if (decision?.kind !== 'ENERGY' || decision.energyMwh === null) return course;
  const wanted = BigInt(decision.energyMwh);
  const measured = course.intervals.reduce((sum, interval) => sum + BigInt(interval.energyMwh), 0n);
  if (measured <= 0n) {
    return {
      ...course,
      intervals: [{ from: course.start, to: course.end, energyMwh: decision.energyMwh }],
    };
  }
  let seen = 0n;
  let given = 0n;
  const intervals = course.intervals.map((interval) => {
    seen += BigInt(interval.energyMwh);
    const part = (wanted * seen) / measured - given;
    given += part;
    return { ...interval, energyMwh: mwh(Number(part)) };
  });
  return { ...course, intervals };
}

/**
 * The price with the total that was decided. Each VAT rate bears its share; what is taken off is an adjustment beside the lines,
 * which stay as they are. Throws INVALID `BILLING_AMOUNT` for more than the price: what costs more is corrected by its energy.
 */
export function priceUnder(
  price: BilledPrice,
  decision: Pick<BillDecision, 'kind' | 'inclVat'> | undefined,
): BilledPrice {
  if (decision?.kind === 'WAIVE') return agreed(price, ZERO);
  return decision?.kind === 'AMOUNT' && decision.inclVat ? agreed(price, decision.inclVat) : price;
}

function agreed(price: BilledPrice, inclVat: Decimal): BilledPrice {
  const { total, currency } = price;
  if (!roundMoney(inclVat, currency).eq(inclVat)) {
    throw invalid('BILLING_AMOUNT', 'The amount has more decimals than the currency.');
  }
  const isOwed = total.incl.lt('0');
  if (isOwed ? inclVat.gt('0') || inclVat.lt(total.incl) : inclVat.lt('0') || inclVat.gt(total.incl)) {
    const most = total.incl.toFixed(minorDigits(currency));
    throw invalid('BILLING_AMOUNT', `The amount is between 0 and the ${most} ${currency} of the price.`);
  }
  if (inclVat.eq(total.incl)) return price;
  const byVatRate = sharedOut(price, inclVat);
  const sum = (part: keyof Amount) => sumDecimals(byVatRate.map((row) => row[part]));
  const reduced: Amount = { excl: sum('excl'), vat: sum('vat'), incl: inclVat };
  const before = price.adjustment ?? { excl: ZERO, vat: ZERO, incl: ZERO };
  const change = (part: keyof Amount) => before[part].plus(reduced[part].minus(total[part]));
  return {
    ...price,
    total: reduced,
    byVatRate,
    ...(price.byTax ? { byTax: taxesOf(price.byTax, total, reduced, currency) } : {}),
    adjustment: { reason: 'AGREED', excl: change('excl'), vat: change('vat'), incl: change('incl') },
  };
}

function sharedOut({ total, byVatRate, currency }: BilledPrice, inclVat: Decimal): VatRow[] {
  let seen = ZERO;
  let given = ZERO;
  return byVatRate.map((row) => {
    seen = seen.plus(row.incl);
    const incl = roundMoney(inclVat.times(seen).div(total.incl), currency).minus(given);
    given = given.plus(incl);
    const factor = (row.vatPercent ?? ZERO).div('100').plus('1');
    const excl = row.vatPercent === null ? incl : roundMoney(incl.div(factor), currency);
    return { vatPercent: row.vatPercent, excl, vat: incl.minus(excl), incl };
  });
}

/** Several taxes bear what is taken off in the proportion of what was due of each. */
function taxesOf(rows: readonly TaxRow[], before: Amount, after: Amount, currency: string): TaxRow[] {
  let seen = ZERO;
  let given = ZERO;
  return rows.map((row) => {
    seen = seen.plus(row.amount);
    const due = before.vat.eq('0') ? ZERO : after.vat.times(seen).div(before.vat);
    const amount = roundMoney(due, currency).minus(given);
    given = given.plus(amount);
    const base = before.excl.eq('0') ? ZERO : after.excl.times(row.base).div(before.excl);
    return { ...row, base: roundMoney(base, currency), amount };
  });
}

/** What the CDR and the invoice say of it. Names nobody: who decided is in the record of the decision. */
export function decisionNote(decision: BillDecision, measuredMwh: MilliWattHours, currency: string): string {
  const kwh = (energy: MilliWattHours) => `${kwhDecimal(energy).toFixed()} kWh`;
  const on = decision.decidedAt.toISOString().slice(0, 10);
  const what = {
    AS_MEASURED: () => `billed by the ${kwh(measuredMwh)} of the meter`,
    ENERGY: () =>
      `billed by ${kwh(decision.energyMwh ?? measuredMwh)} in place of the ${kwh(measuredMwh)} of the meter`,
    AMOUNT: () => `reduced to ${(decision.inclVat ?? ZERO).toFixed(minorDigits(currency))} ${currency}`,
    WAIVE: () => 'not billed',
  }[decision.kind]();
  return `Looked at by a person on ${on}, ${what}: ${decision.reason}`;
}
