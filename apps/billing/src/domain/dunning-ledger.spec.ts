import fc from 'fast-check';
import { type Decimal, decimal, sumDecimals, ZERO } from '@kilowatch/kernel';
import { describe, expect, it } from 'vitest';
import {
  BAD_DEBT,
  duesOf,
  postCharges,
  postChargesFromWallet,
  postChargesWaived,
  postReceived,
  postWriteOff,
  postWriteOffUndone,
} from './dunning-ledger.js';
import { balanceOf, receivableOf, type Posting } from './ledger.js';
import { splitPayment } from './payment-split.js';

const of = { accountId: 'dora', currency: 'EUR', reference: 'KW-2026-000001/1' };
const key = { id: 'one', postedAt: new Date('2026-03-24T23:00:00Z') };
const d = decimal;
const entries = ({ entries: all }: Posting) => all.map(({ account, amount }) => [account, amount.toFixed()]);

describe('the ledger of what is overdue', () => {
  it('owes fees and interest beside the invoice', () => {
    const posting = postCharges(of, { fee: d('5'), interest: d('0.14') }, key);
    expect(entries(posting)).toEqual([
      ['dues:dora', '5.14'],
      ['dunning-fees', '-5'],
      ['interest', '-0.14'],
    ]);
    expect(entries(postChargesFromWallet({ ...of, amount: d('5.14') }, key))).toEqual([
      ['wallet:dora', '5.14'],
      ['dues:dora', '-5.14'],
    ]);
    expect(entries(postChargesWaived(of, { open: d('5'), paid: d('0.14') }, key))).toEqual([
      ['waived-charges', '5.14'],
      ['dues:dora', '-5'],
      ['wallet:dora', '-0.14'],
    ]);
  });

  it('loses what is given up, and has it back when it comes or was never owed', () => {
    const lost = postWriteOff({ ...of, amount: d('6.05') }, key);
    expect(entries(lost)).toEqual([
      ['bad-debt', '6.05'],
      ['receivable:dora', '-6.05'],
    ]);
    const undone = postWriteOffUndone({ ...of, amount: d('2.05') }, key);
    const split = splitPayment(d('5'), { invoice: ZERO, writtenOff: d('4'), charges: ZERO });
    const came = postReceived({ ...of, provider: 'bank' }, split, key);
    expect(balanceOf([lost, undone, came], BAD_DEBT, 'EUR').eq('0')).toBe(true);
    expect(entries(came)).toEqual([
      ['cash:bank', '5'],
      ['bad-debt', '-4'],
      ['wallet:dora', '-1'],
    ]);
  });

  it('balances whatever arrives, and pays of each account no more than it owes', () => {
    const sums = fc.integer({ min: 0, max: 100_000 }).map((n) => d(String(n)).div('100'));
    fc.assert(
      fc.property(sums, sums, sums, sums, (amount, invoice, writtenOff, charges) => {
        const posting = postReceived(
          { ...of, provider: 'bank' },
          splitPayment(amount, { invoice, writtenOff, charges }),
          key,
        );
        expect(sumDecimals(posting.entries.map((entry): Decimal => entry.amount)).eq('0')).toBe(true);
        expect(balanceOf([posting], receivableOf('dora'), 'EUR').neg().lte(invoice)).toBe(true);
        expect(balanceOf([posting], duesOf('dora'), 'EUR').neg().lte(charges)).toBe(true);
      }),
    );
  });
});
