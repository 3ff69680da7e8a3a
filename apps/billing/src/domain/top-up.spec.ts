import { decimal } from '@kilowatch/kernel';
import { describe, expect, it } from 'vitest';
import { checkTopUp } from './top-up.js';

const check =
  (amount: string, currency = 'EUR', reference = 'cash') =>
  () =>
    checkTopUp(decimal(amount), currency, reference);

describe('checkTopUp', () => {
  it.each([['0.01'], ['25'], ['10000'], ['10000.00']])('takes %s', (amount) => {
    expect(check(amount)).not.toThrow();
  });

  it.each([
    ['nothing', check('0'), 'BILLING_AMOUNT'],
    ['a negative amount', check('-0.01'), 'BILLING_AMOUNT'],
    ['a fraction of a cent', check('1.001'), 'BILLING_AMOUNT'],
    ['a fraction of a yen', check('1.5', 'JPY'), 'BILLING_AMOUNT'],
    ['too much', check('10000.01'), 'BILLING_AMOUNT'],
    ['no currency', check('1', 'XXQ'), 'CURRENCY_UNKNOWN'],
    ['no reference', check('1', 'EUR', ' '), 'BILLING_REFERENCE'],
    ['an endless reference', check('1', 'EUR', 'x'.repeat(141)), 'BILLING_REFERENCE'],
  ])('refuses %s', (_what, call, code) => {
    expect(call).toThrow(expect.objectContaining({ kind: 'INVALID', code }));
  });
});
