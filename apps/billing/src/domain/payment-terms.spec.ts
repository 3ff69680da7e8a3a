import { decimal } from '@kilowatch/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkTerms,
  fromMinor,
  sameTerms,
  toMinor,
  USUAL_TERMS,
  type PaymentTerms,
} from './payment-terms.js';

const PREPAID: PaymentTerms = {
  ...USUAL_TERMS,
  kind: 'PREPAID',
  currency: 'EUR',
  minimumToStart: decimal('5.00'),
};

describe('checkTerms', () => {
  it.each<[string, Partial<PaymentTerms>]>([
    ['the usual ones', USUAL_TERMS],
    ['a floor below zero', { floor: decimal('-20.00') }],
    ['a credit limit of nothing', { kind: 'ACCOUNT', creditLimit: decimal('0') }],
    ['payment at once', { daysToPay: 0 }],
    ['whole yen', { currency: 'JPY', minimumToStart: decimal('500') }],
  ])('takes %s', (_what, over) => {
    expect(checkTerms({ ...PREPAID, ...over })).toMatchObject(over);
  });

  it.each<[string, Partial<PaymentTerms>, string]>([
    ['another kind', { kind: 'CASH' as 'CARD' }, 'BILLING_TERMS_KIND'],
    ['no currency', { currency: 'XXQ' }, 'CURRENCY_UNKNOWN'],
    ['a fraction of a cent', { floor: decimal('0.001') }, 'BILLING_TERMS_AMOUNT'],
    ['a fraction of a yen', { currency: 'JPY', minimumToStart: decimal('0.5') }, 'BILLING_TERMS_AMOUNT'],
    ['a minimum below zero', { minimumToStart: decimal('-1') }, 'BILLING_TERMS_AMOUNT'],
    ['a limit below zero', { creditLimit: decimal('-1') }, 'BILLING_TERMS_AMOUNT'],
    ['a typing error', { floor: decimal('10000000') }, 'BILLING_TERMS_AMOUNT'],
    ['half a day', { daysToPay: 1.5 }, 'BILLING_TERMS_DAYS'],
    ['a year', { daysToPay: 365 }, 'BILLING_TERMS_DAYS'],
    ['days below zero', { daysToPay: -1 }, 'BILLING_TERMS_DAYS'],
  ])('refuses %s', (_what, over, code) => {
    expect(() => checkTerms({ ...PREPAID, ...over })).toThrow(
      expect.objectContaining({ kind: 'INVALID', code }),
    );
  });
});

describe('the smallest unit of a currency', () => {
  it.each([
    ['12.34', 'EUR', '1234'],
    ['-0.05', 'EUR', '-5'],
    ['500', 'JPY', '500'],
    ['1.005', 'KWD', '1005'],
  ])('%s %s is %s', (amount, currency, minor) => {
    expect(toMinor(decimal(amount), currency)).toBe(minor);
  });

  it('loses nothing on the way and back', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom('EUR', 'JPY', 'KWD'), (minor, currency) => {
        expect(toMinor(fromMinor(String(minor), currency), currency)).toBe(String(minor));
      }),
    );
  });
});

describe('sameTerms', () => {
  it('does not mind how an amount is written', () => {
    expect(sameTerms(PREPAID, { ...PREPAID, minimumToStart: decimal('5') })).toBe(true);
  });

  it.each<[Partial<PaymentTerms>]>([
    [{ kind: 'CARD' }],
    [{ currency: 'USD' }],
    [{ floor: decimal('1') }],
    [{ minimumToStart: decimal('1') }],
    [{ creditLimit: decimal('0') }],
    [{ daysToPay: 15 }],
    [{ blocked: true }],
  ])('tells %o', (over) => {
    expect(sameTerms(PREPAID, { ...PREPAID, ...over })).toBe(false);
  });
});
