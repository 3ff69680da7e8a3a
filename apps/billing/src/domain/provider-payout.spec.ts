import fc from 'fast-check';
import { decimal, sumDecimals, ZERO } from '@kilowatch/kernel';
import { describe, expect, it } from 'vitest';
import { sharesOf, type PayoutPart } from './provider-payout.js';

const part = (over: Partial<PayoutPart> & { amount: PayoutPart['amount'] }): PayoutPart => ({
  ...{ paymentRef: undefined, kind: 'PAYMENT', fee: ZERO },
  ...over,
});
const OWNERS = new Map([
  ['pi_a', 'alpha'],
  ['pi_b', 'beta'],
]);
const texts = (total: string, parts: readonly PayoutPart[]) =>
  sharesOf(decimal(total), parts, OWNERS, 'house').map(
    ({ tenant, amount, payments, refunds, other, fees, costs, transactions }) =>
      `${tenant} ${[amount, payments, refunds, other, fees, costs].map((one) => one.toFixed(2)).join(' ')} ${transactions}`,
  );

describe('the shares of a payout', () => {
  it('are what the payments of each tenant come to, refunds and fees taken off', () => {
    const parts = [
      part({ paymentRef: 'pi_b', amount: decimal('20'), fee: decimal('0.55') }),
      part({ paymentRef: 'pi_a', amount: decimal('10'), fee: decimal('0.40') }),
      part({ paymentRef: 'pi_a', kind: 'REFUND', amount: decimal('-3') }),
    ];
    expect(texts('26.05', parts)).toEqual([
      'alpha 6.60 10.00 -3.00 0.00 0.40 0.00 2',
      'beta 19.45 20.00 0.00 0.00 0.55 0.00 1',
    ]);
  });

  it('leave costs of the account, and what nobody tells, with who has the account', () => {
    const parts = [
      part({ kind: 'COST', amount: decimal('-2') }),
      part({ paymentRef: 'pi_unknown', amount: decimal('5'), fee: decimal('0.30') }),
    ];
    expect(texts('4.00', parts)).toEqual(['house 4.00 5.00 0.00 1.30 2.30 2.00 2']);
    expect(texts('100', [])).toEqual(['house 100.00 0.00 0.00 100.00 0.00 0.00 0']);
  });

  it('may be below zero', () => {
    expect(texts('-3', [part({ paymentRef: 'pi_a', kind: 'REFUND', amount: decimal('-3') })])).toEqual([
      'alpha -3.00 0.00 -3.00 0.00 0.00 0.00 1',
    ]);
  });

  it('add up to the payout, whatever is in it', () => {
    const cents = fc.integer({ min: -100_000, max: 100_000 }).map((n) => decimal(String(n)).times('0.01'));
    const parts = fc.array(
      fc.record({
        paymentRef: fc.constantFrom('pi_a', 'pi_b', 'pi_c', undefined),
        kind: fc.constantFrom<PayoutPart['kind']>('PAYMENT', 'REFUND', 'COST', 'OTHER'),
        amount: cents,
        fee: cents,
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(cents, parts, (total, some) => {
        const shares = sharesOf(total, some, OWNERS, 'house');
        expect(sumDecimals(shares.map(({ amount }) => amount)).eq(total)).toBe(true);
        expect(new Set(shares.map(({ tenant }) => tenant)).size).toBe(shares.length);
        // Only who has the account answers for what is no payment's.
        const ofOthers = shares.filter(({ tenant }) => tenant !== 'house');
        const owned = some.filter(({ paymentRef }) => paymentRef !== undefined && OWNERS.has(paymentRef));
        const net = sumDecimals(owned.map(({ amount, fee }) => amount.minus(fee)));
        expect(sumDecimals(ofOthers.map(({ amount }) => amount)).eq(net)).toBe(true);
      }),
    );
  });
});
