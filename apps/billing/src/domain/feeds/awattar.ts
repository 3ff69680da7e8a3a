/** Market data of aWATTar (Germany, Austria). Shape by its API page (awattar.de/services/api): milliseconds, EUR per MWh, without taxes. */
import { laidOut, type Stretch } from './curve.js';
import { amountOf, fieldsOf, listOf, perKwh, unreadable } from './feed-fields.js';

/** Throws INVALID `BILLING_FEED_UNREADABLE`. */
export function awattarPrices(json: unknown): Stretch[] {
  const entries = listOf(fieldsOf(json, 'the document').data, 'data');
  return laidOut(
    entries.map((entry, index) => {
      const field = `data[${index}]`;
      if (String(entry.unit).toLowerCase() !== 'eur/mwh') throw unreadable(`${field}.unit`);
      return {
        start: msOf(entry.start_timestamp, `${field}.start_timestamp`),
        end: msOf(entry.end_timestamp, `${field}.end_timestamp`),
        value: perKwh(amountOf(entry.marketprice, `${field}.marketprice`)),
        unit: 'EUR',
      };
    }),
  );
}

function msOf(value: unknown, field: string): Date {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || Math.abs(value) > 8.64e15)
    throw unreadable(field);
  return new Date(value);
}
