/**
 * Day-ahead prices of Nord Pool's data portal. Shape by data.nordpoolgroup.com: entries of an hour or a quarter of one (since October 2025),
 * each with a price per MWh for every area asked for, in the currency of the document.
 */
import { laidOut, type Stretch } from './curve.js';
import { amountOf, currencyOf, fieldsOf, instantOf, listOf, perKwh } from './feed-fields.js';

/** Throws INVALID `BILLING_FEED_UNREADABLE`. Entries without a price for the area are a gap. */
export function nordPoolPrices(json: unknown, area: string): Stretch[] {
  const document = fieldsOf(json, 'the document');
  const unit = currencyOf(document.currency, 'currency');
  return laidOut(
    listOf(document.multiAreaEntries, 'multiAreaEntries').flatMap((entry, index) => {
      const field = `multiAreaEntries[${index}]`;
      const perArea = fieldsOf(entry.entryPerArea, `${field}.entryPerArea`);
      const price = Object.hasOwn(perArea, area) ? perArea[area] : null;
      if (price === null) return [];
      return [
        {
          start: instantOf(entry.deliveryStart, `${field}.deliveryStart`),
          end: instantOf(entry.deliveryEnd, `${field}.deliveryEnd`),
          value: perKwh(amountOf(price, `${field}.entryPerArea`)),
          unit,
        },
      ];
    }),
  );
}
