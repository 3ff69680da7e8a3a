import fc from 'fast-check';
import { type Decimal, decimal, sumDecimals, ZERO } from '@kilowatch/kernel';
import { describe, expect, it } from 'vitest';
import { splitPayment } from './payment-split.js';

const cents = fc.integer({ min: 0, max: 1_000_000 }).map((n) => decimal(String(n)).div('100'));
const plain = (split: object) =>
  Object.fromEntries(Object.entries(split).map(([name, sum]) => [name, (sum as Decimal).toFixed()]));

describe('money for an invoice', () => {
  it('pays the invoice, then its charges, and the rest is the driver’s', () => {
    const owed = { invoice: decimal('10'), writtenOff: ZERO, charges: decimal('2.50') };
    expect(plain(splitPayment(decimal('4'), owed))).toEqual({
      invoice: '4',
      recovered: '0',
      charges: '0',
      wallet: '0',
    });
    expect(plain(splitPayment(decimal('11'), owed))).toEqual({
      invoice: '10',
      recovered: '0',
      charges: '1',
      wallet: '0',
    });
    expect(plain(splitPayment(decimal('15'), owed))).toEqual({
      ...{ invoice: '10', recovered: '0', charges: '2.5', wallet: '2.5' },
    });
  });

  it('that was given up comes back as what it is', () => {
    const owed = { invoice: ZERO, writtenOff: decimal('10'), charges: ZERO };
    expect(plain(splitPayment(decimal('12'), owed))).toEqual({
      invoice: '0',
      recovered: '10',
      charges: '0',
      wallet: '2',
    });
  });

  it('is split without a cent more or less, and pays nothing twice', () => {
    fc.assert(
      fc.property(cents, cents, cents, cents, (amount, invoice, writtenOff, charges) => {
        const owed = { invoice, writtenOff, charges };
        const split = splitPayment(amount, owed);
        expect(sumDecimals(Object.values(split) as Decimal[]).eq(amount)).toBe(true);
        for (const part of Object.values(split) as Decimal[]) expect(part.gte('0')).toBe(true);
        expect(
          split.invoice.lte(invoice) && split.recovered.lte(writtenOff) && split.charges.lte(charges),
        ).toBe(true);
        const left = invoice.minus(split.invoice).plus(writtenOff.minus(split.recovered));
        if (split.charges.gt('0')) expect(left.eq('0')).toBe(true);
        if (split.wallet.gt('0')) expect(left.plus(charges.minus(split.charges)).eq('0')).toBe(true);
      }),
    );
  });
});
