import { ZERO, decimal } from '@kilowatch/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  postCardFee,
  postCardPayment,
  postForeignRefund,
  postPayout,
  postRefundDue,
  postRefundFailed,
  postRefundMade,
} from './card-ledger.js';
import { balanceOf, type Posting } from './ledger.js';

const key = { id: 'p', postedAt: new Date('2026-03-01T12:00:00Z') };
const money = { accountId: 'a', currency: 'EUR', provider: 'stripe', reference: 'r' };
const cents = fc.integer({ min: 0, max: 100_000 }).map((n) => decimal(String(n)).div('100'));

describe('bookings of card money', () => {
  it('balance, whatever was taken, owed, given back and kept', () => {
    fc.assert(
      fc.property(cents, cents, cents, cents, (owed, wallet, back, fee) => {
        const postings = [
          postCardPayment(money, { owed, wallet, back }, key),
          postRefundMade(money, back, key),
          postCardFee(money, fee, key),
          postPayout(money, owed.plus(wallet).minus(fee), key),
        ];
        const of = (account: string) => balanceOf(postings, account, 'EUR').toFixed();
        expect([of('clearing:stripe'), of('refund:a')]).toEqual(['0', '0']);
        expect(of('cash:bank')).toBe(owed.plus(wallet).minus(fee).toFixed());
      }),
    );
  });

  it('keep money that cannot go back to a card for its driver', () => {
    const postings: Posting[] = [
      postRefundDue(money, decimal('7'), 'INVOICE', key),
      postRefundFailed(money, decimal('7'), key),
    ];
    const of = (account: string) => balanceOf(postings, account, 'EUR').toFixed();
    expect([of('receivable:a'), of('refund:a'), of('wallet:a')]).toEqual(['7', '0', '-7']);
  });

  it('say where the money of a refund comes from', () => {
    const due = (source: 'INVOICE' | 'WALLET' | 'GOODWILL') =>
      postRefundDue(money, decimal('7'), source, key).entries[0]?.account;
    expect([due('INVOICE'), due('WALLET'), due('GOODWILL')]).toEqual([
      'receivable:a',
      'wallet:a',
      'goodwill',
    ]);
    expect(postForeignRefund(money, decimal('7'), key).entries.map(({ account }) => account)).toEqual([
      'goodwill',
      'clearing:stripe',
    ]);
  });

  it('leave out what is zero', () => {
    const { entries } = postCardPayment(money, { owed: decimal('5'), wallet: ZERO, back: ZERO }, key);
    expect(entries).toHaveLength(2);
  });
});
