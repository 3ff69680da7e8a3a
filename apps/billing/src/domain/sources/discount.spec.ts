import { decimal } from '@kilowatch/kernel';
import { aDocument, component, element } from '@kilowatch/pricing/builders';
import { describe, expect, it } from 'vitest';
import { discounted, discountedDocument, readDiscount } from './discount.js';

describe('a discount', () => {
  it.each([
    ['10 % of 0.50 is 0.05', '0.50', true, { percent: '10' }, '0.45'],
    ['0.05 off 0.50', '0.50', true, { perKwh: '0.05' }, '0.45'],
    ['0.50 less 10 % less 0.05', '0.50', true, { percent: '10', perKwh: '0.05' }, '0.4'],
    ['an amount is off energy alone', '6.00', false, { perKwh: '0.05' }, '6'],
    ['nothing goes below zero by it', '0.03', true, { perKwh: '0.05' }, '0'],
    ['100 % is free', '0.50', true, { percent: '100' }, '0'],
    ['what is below zero stays', '-0.10', true, { percent: '50', perKwh: '0.01' }, '-0.1'],
    ['to six places: a third of the way', '0.333333', true, { percent: '33.3333' }, '0.222222'],
  ])('%s', (_hand, price, isEnergy, settings, left) => {
    expect(discounted(decimal(price), isEnergy, readDiscount(settings)).toFixed()).toBe(left);
  });

  it('keeps everything else of the tariff', () => {
    const base = aDocument({
      elements: [
        element([component('ENERGY', '0.50', '20'), component('FLAT', '1.00', '20')], { max_kwh: 10 }),
      ],
      max_price: { excl_vat: '50' },
    });
    expect(discountedDocument(base, 'PLUS', readDiscount({ percent: '20' }))).toEqual({
      ...base,
      id: 'PLUS',
      elements: [
        {
          price_components: [
            { type: 'ENERGY', price: '0.4', vat: '20', step_size: 1 },
            { type: 'FLAT', price: '0.8', vat: '20', step_size: 1 },
          ],
          restrictions: { max_kwh: 10 },
        },
      ],
    });
  });

  it.each([
    [{}],
    [{ percent: '0' }],
    [{ percent: '101' }],
    [{ percent: '-1' }],
    [{ perKwh: 'some' }],
    [{ off: '1' }],
    [null],
    [{ percent: '0.1234567' }],
  ])('is not %j', (settings) => {
    expect(() => readDiscount(settings)).toThrow(
      expect.objectContaining({ code: 'BILLING_SOURCE_DISCOUNT' }),
    );
  });
});
