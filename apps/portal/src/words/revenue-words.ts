import type { RevenueQuery } from '../api/documents/revenue.js';
import { formatMoney, formatVatPercent } from '../ui/format.js';

export type RevenueNode = RevenueQuery['revenue']['edges'][number]['node'];

/** `Square, KW-1`; a row of no place is of the company as a whole, or of what happened at no place. */
export function placeText({ location, station }: RevenueNode, by: 'TENANT' | 'LOCATION' | 'STATION'): string {
  if (by === 'TENANT') return 'All places';
  const names = [location, station].flatMap((place) => (place ? [place.name || place.id] : []));
  return names.length > 0 ? names.join(', ') : 'At no place';
}

/** One sentence for each tax, the rates apart. */
export function taxTexts({ taxes }: RevenueNode): string[] {
  return taxes.map(({ name, percent, amount }) => {
    const rate = percent === null ? 'without a rate' : formatVatPercent(percent);
    return `${name} ${rate}: ${formatMoney(amount)}`;
  });
}

const isZero = (amount: string) => Number(amount) === 0;

/** What is not everyday: left out where there is nothing of it. */
export function besideTexts(node: RevenueNode): string[] {
  const { creditNotes, creditedNet, partnerNet, providerFees } = node;
  const notes = creditNotes === 1 ? '1 credit note' : `${creditNotes} credit notes`;
  return [
    creditNotes > 0 ? `${notes} took back ${formatMoney(unsigned(creditedNet))} of it` : '',
    isZero(partnerNet.amount) ? '' : `Partners pay ${formatMoney(partnerNet)} besides`,
    isZero(providerFees.amount) ? '' : `The payment provider kept ${formatMoney(providerFees)}`,
  ].filter(Boolean);
}

const unsigned = ({ amount, currency }: { amount: string; currency: string }) => ({
  amount: amount.replace(/^-/, ''),
  currency,
});
