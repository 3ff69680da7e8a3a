import { type Decimal, decimal, sumDecimals, ZERO } from '@kilowatch/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { postChargeback, postChargebackReturned } from './card-ledger.js';
import {
  changeOf,
  CHARGEBACK_STATES,
  isUndecided,
  lookAfter,
  remindAt,
  splitReturned,
  splitTaken,
  type ChargebackCase,
} from './chargeback.js';
import { balanceOf } from './ledger.js';

const NOW = new Date('2026-03-01T12:00:00Z');
const inDays = (n: number) => new Date(NOW.getTime() + n * 86_400_000);
const cents = fc.integer({ min: 0, max: 100_000 }).map((n) => decimal(String(n)).div('100'));

const aCase = (over: Partial<ChargebackCase> = {}): ChargebackCase => ({
  state: 'NEEDS_RESPONSE',
  amount: decimal('10'),
  reason: 'fraudulent',
  evidenceDueAt: inDays(9),
  evidenceSent: false,
  withdrawn: decimal('10'),
  fee: decimal('20'),
  claim: ZERO,
  openedAt: NOW,
  closedAt: undefined,
  remindedAt: undefined,
  ...over,
});

describe('what is new of a chargeback', () => {
  it.each<[string, Partial<ChargebackCase>, Partial<ChargebackCase>, string | undefined]>([
    ['nothing', {}, {}, undefined],
    ['that it is won', {}, { state: 'WON' }, 'WON'],
    ['that it is won, before its money', {}, { state: 'WON', withdrawn: ZERO }, 'WON'],
    ['that it is lost', { state: 'UNDER_REVIEW' }, { state: 'LOST' }, 'LOST'],
    ['that an inquiry is over', { state: 'INQUIRY' }, { state: 'CLOSED' }, 'CLOSED'],
    ['that it goes on after its end', { state: 'LOST' }, { state: 'NEEDS_RESPONSE' }, 'REOPENED'],
    ['that an inquiry took the money', { state: 'INQUIRY', withdrawn: ZERO }, {}, 'WITHDRAWN'],
    ['that the money came back', { state: 'WON' }, { state: 'WON', withdrawn: ZERO }, 'REINSTATED'],
    ['that evidence is there', {}, { evidenceSent: true, state: 'UNDER_REVIEW' }, 'UPDATED'],
    ['another fee', {}, { fee: decimal('0') }, 'UPDATED'],
  ])('tells %s', (_what, known, seen, change) => {
    expect(changeOf(aCase(known), aCase(seen))).toBe(change);
  });

  it('is all of it when it was not heard of', () => {
    for (const state of CHARGEBACK_STATES) expect(changeOf(undefined, aCase({ state }))).toBe('OPENED');
  });
});

describe('money that a bank takes back', () => {
  const plain = (parts: object) => Object.values(parts).map((sum) => (sum as Decimal).toFixed());

  it('is owed by the invoice, then taken out of the wallet, and else a claim', () => {
    expect(plain(splitTaken(decimal('10'), { invoice: decimal('6'), wallet: decimal('3') }))).toEqual([
      '6',
      '3',
      '1',
    ]);
    expect(plain(splitTaken(decimal('10'), { invoice: ZERO, wallet: decimal('-5') }))).toEqual([
      '0',
      '0',
      '10',
    ]);
  });

  it('that comes back pays the claim and the invoice; what was paid meanwhile is the driver’s', () => {
    expect(splitReturned(decimal('10'), { claim: decimal('1'), invoice: decimal('4') })).toEqual({
      claim: decimal('1'),
      invoice: decimal('4'),
      wallet: decimal('5'),
    });
  });

  it('is split without a cent more or less, whatever there is', () => {
    fc.assert(
      fc.property(cents, cents, cents, (amount, a, b) => {
        for (const parts of [
          splitTaken(amount, { invoice: a, wallet: b }),
          splitReturned(amount, { claim: a, invoice: b }),
        ]) {
          expect(sumDecimals(Object.values(parts) as Decimal[]).eq(amount)).toBe(true);
          for (const part of Object.values(parts) as Decimal[]) expect(part.gte('0')).toBe(true);
        }
        expect(splitTaken(amount, { invoice: a, wallet: b }).invoice.lte(a)).toBe(true);
        expect(splitTaken(amount, { invoice: a, wallet: b }).wallet.lte(b)).toBe(true);
        expect(splitReturned(amount, { claim: a, invoice: b }).claim.lte(a)).toBe(true);
      }),
    );
  });

  it('leaves nothing in the books when it comes back, whoever had it and whatever was paid between', () => {
    fc.assert(
      fc.property(cents, cents, cents, cents, (amount, cardPaid, inWallet, paidBetween) => {
        const key = { id: 'p', postedAt: NOW };
        const money = { accountId: 'a', currency: 'EUR', provider: 'stripe', reference: 'r' };
        const taken = splitTaken(amount, { invoice: cardPaid, wallet: inWallet });
        const paid = paidBetween.gt(taken.invoice) ? taken.invoice : paidBetween;
        const back = splitReturned(amount, { claim: taken.claim, invoice: taken.invoice.minus(paid) });
        const postings = [postChargeback(money, taken, key), postChargebackReturned(money, back, key)];
        const of = (account: string) => balanceOf(postings, account, 'EUR');
        expect(of('clearing:stripe').toFixed()).toBe('0');
        expect(of('chargeback:a').toFixed()).toBe('0');
        // What they paid twice is in the wallet.
        expect(of('receivable:a').eq(paid)).toBe(true);
        expect(of('wallet:a').neg().eq(paid)).toBe(true);
      }),
    );
  });
});

describe('a reminder of evidence', () => {
  it.each<[string, Partial<ChargebackCase>, Date | undefined]>([
    ['comes three days before', {}, inDays(6)],
    ['comes a day before when it was heard of late', { evidenceDueAt: inDays(2) }, inDays(1)],
    ['does not come on top of the news itself', { evidenceDueAt: inDays(0.5) }, undefined],
    ['comes for an inquiry, too', { state: 'INQUIRY' }, inDays(6)],
    ['does not come when evidence is there', { evidenceSent: true }, undefined],
    ['does not come when nobody asks for it', { state: 'UNDER_REVIEW' }, undefined],
    ['does not come when none is taken', { evidenceDueAt: undefined }, undefined],
    ['comes once', { remindedAt: NOW }, undefined],
  ])('%s', (_what, over, at) => {
    expect(remindAt(aCase(over))).toEqual(at);
  });
});

describe('a look', () => {
  it.each<[string, Partial<ChargebackCase>, Date | undefined]>([
    ['comes daily while nobody has decided', {}, inDays(1)],
    ['comes for the reminder where that is before', { evidenceDueAt: inDays(3.5) }, inDays(0.5)],
    ['comes daily while money is to come', { state: 'WON', closedAt: inDays(-29) }, inDays(1)],
    ['does not wait for it for ever', { state: 'WON', closedAt: inDays(-30) }, undefined],
    ['does not come after the money', { state: 'WON', withdrawn: ZERO }, undefined],
    ['does not come after it is lost', { state: 'LOST' }, undefined],
  ])('%s', (_what, over, at) => {
    expect(lookAfter(aCase(over), NOW)).toEqual(at);
  });

  it('always follows while it is undecided', () => {
    for (const state of CHARGEBACK_STATES.filter(isUndecided)) {
      expect(lookAfter(aCase({ state }), NOW)).toBeDefined();
    }
  });
});
