/**
 * Price cases: a tariff, the charging periods of a CDR and the zone of the location, to be priced by the engine. The format
 * is that of OCPI objects: `{id, time_zone, tariff | tariffs | cdr.tariffs, cdr, reservation_outcome?}`. A charging period
 * names one of several tariffs by `tariff_id`; those that name none are under the first.
 */
import { isTimeZone } from '@kilowatch/kernel';
import { type Fields, fieldReader, isAbsent } from './document-fields.js';
import { periodsFromCdr } from './periods-from-cdr.js';
import { type PricedSession, type PricingInput, priceSession } from './pricing.js';
import { parseTariff } from './tariff-document.js';
import type { ExactAmount } from './totals.js';

const read = fieldReader('BILLING_PRICE_CASE');

export interface PriceCase {
  readonly id: string;
  readonly input: PricingInput;
}

/** The figures of a CDR, by their OCPI names. */
export const CDR_FIGURES = {
  total_cost: 'total',
  total_fixed_cost: 'fixed',
  total_energy_cost: 'energy',
  total_time_cost: 'time',
  total_parking_cost: 'parking',
  total_reservation_cost: 'reservation',
} as const;
export type CdrFigure = keyof typeof CDR_FIGURES;

/** The cases of a document: a list, or an object with `cases`. Throws INVALID when it is neither. */
export function casesOf(document: unknown): readonly unknown[] {
  const list = Array.isArray(document) ? document : (document as { cases?: unknown } | null)?.cases;
  if (!Array.isArray(list)) {
    throw read.refuse('LIST', 'Price cases are a list, or an object with a list named cases.', 'cases');
  }
  return list;
}

/** Reads one case. Throws AppError INVALID with the path of the fault in its details. */
export function readPriceCase(value: unknown): PriceCase {
  const fields = read.fieldsOf(value, 'the case');
  const id = read.textOf(fields.id, 'id');
  const timeZone = read.textOf(fields.time_zone, 'time_zone');
  if (!isTimeZone(timeZone)) {
    throw read.refuse('ZONE_UNKNOWN', `time_zone ${timeZone.slice(0, 60)} is not known.`, 'time_zone');
  }
  const cdr = read.fieldsOf(fields.cdr, 'cdr');
  const tariffs = tariffsOf(fields, cdr).map((document) => parseTariff(document));
  for (const { currency } of tariffs) {
    if (isAbsent(cdr.currency) || cdr.currency === currency) continue;
    const text = `The CDR is in ${String(cdr.currency).slice(0, 10)}, a tariff in ${currency}.`;
    throw read.refuse('CURRENCIES', text, 'cdr.currency');
  }
  const outcome = isAbsent(fields.reservation_outcome)
    ? 'used'
    : read.oneOf(fields.reservation_outcome, ['used', 'expired'], 'reservation_outcome', 'OUTCOME');
  const reservation = outcome === 'expired' ? 'EXPIRED' : 'USED';
  return { id, input: { tariffs, timeZone, periods: periodsFromCdr(cdr), reservation } };
}

export function pricePriceCase({ input }: PriceCase): PricedSession {
  return priceSession(input);
}

/** Exact figures by their OCPI names. */
export function cdrFigures({ exact }: PricedSession): Record<CdrFigure, ExactAmount> {
  const named = Object.entries(CDR_FIGURES).map(([name, part]) => [name, exact[part]]);
  return Object.fromEntries(named) as Record<CdrFigure, ExactAmount>;
}

function tariffsOf(fields: Fields, cdr: Fields): readonly unknown[] {
  if (!isAbsent(fields.tariff)) return [fields.tariff];
  const lists = [
    [fields.tariffs, 'tariffs'],
    [cdr.tariffs, 'cdr.tariffs'],
  ] as const;
  for (const [value, path] of lists) {
    if (isAbsent(value)) continue;
    const list = read.listOf(value, path);
    if (list.length > 0) return list;
  }
  throw read.refuse('TARIFF_MISSING', 'A case needs a tariff, tariffs or cdr.tariffs.', 'tariff');
}
