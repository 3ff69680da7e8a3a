import { describe, expect, it } from 'vitest';
import type { PayoutParts } from '../api/documents/payouts.js';
import { payoutRows } from './payout-words.js';

const eur = (amount: string) => ({ amount, currency: 'EUR' });
const payout: PayoutParts = {
  ...{ id: 'p', reference: 'po_1', state: 'PAID', toldAt: '2026-03-31T22:30:00Z', transactions: 3 },
  ...{
    payments: eur('12.10'),
    refunds: eur('0.00'),
    chargebacks: eur('0.00'),
    other: eur('0.00'),
    fees: eur('0.43'),
  },
  ...{ amount: eur('11.67'), payoutAmount: eur('11.67') },
};
const names = (over: Partial<PayoutParts>) => payoutRows({ ...payout, ...over }).map(([name]) => name);
const valueOf = (over: Partial<PayoutParts>, name: string) =>
  payoutRows({ ...payout, ...over }).find(([one]) => one === name)?.[1];

describe('what is in a payout', () => {
  it('is a sum of what there is, with the fees taken off', () => {
    expect(names({})).toEqual(['Payments', 'Fees of the provider', 'Your part', 'Lines']);
    expect(valueOf({}, 'Fees of the provider')).toMatch(/[-−].*0\.43/);
    expect(valueOf({ fees: eur('-0.43') }, 'Fees of the provider')).not.toMatch(/[-−]/);
    expect(valueOf({ fees: eur('0.00') }, 'Fees of the provider')).not.toMatch(/[-−]/);
  });

  it('names what was given back and other where there is any, and what the bank had where that is more', () => {
    const all = {
      refunds: eur('-2.00'),
      other: eur('-1.00'),
      chargebacks: eur('-3.00'),
      payoutAmount: eur('109.67'),
    };
    expect(names(all)).toEqual([
      ...[
        'Payments',
        'Given back',
        'Taken back by banks',
        'Corrections and other',
        'Fees of the provider',
        'Your part',
      ],
      ...['Received by the bank, for all', 'Lines'],
    ]);
  });
});
