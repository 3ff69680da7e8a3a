/**
 * Unit rates of Octopus Agile (Great Britain). Shape by developer.octopus.energy (list tariff charges): pence per kWh, half hours, newest
 * first, with and without VAT, one entry a payment method where they differ; the last entry may have no end.
 */
import { laidOut, type Stretch } from './curve.js';
import { amountOf, fieldsOf, instantOf, listOf } from './feed-fields.js';

const HALF_HOUR_MS = 1_800_000;

/** Throws INVALID `BILLING_FEED_UNREADABLE`. Prices before VAT; what has no end is good for its half hour, nobody promised more. */
export function octopusPrices(json: unknown): Stretch[] {
  const entries = listOf(fieldsOf(json, 'the document').results, 'results');
  const known = entries.map((entry, index) => ({ entry, field: `results[${index}]` }));
  const isDebit = (entry: Record<string, unknown>) => entry.payment_method !== 'NON_DIRECT_DEBIT';
  known.sort((a, b) => Number(isDebit(b.entry)) - Number(isDebit(a.entry)));
  return laidOut(
    known.map(({ entry, field }) => {
      const start = instantOf(entry.valid_from, `${field}.valid_from`);
      const isOpen = entry.valid_to === null || entry.valid_to === undefined;
      return {
        start,
        end: isOpen
          ? new Date(start.getTime() + HALF_HOUR_MS)
          : instantOf(entry.valid_to, `${field}.valid_to`),
        value: amountOf(entry.value_exc_vat, `${field}.value_exc_vat`).times('0.01'),
        unit: 'GBP',
      };
    }),
  );
}
