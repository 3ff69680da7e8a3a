import { describe, expect, it } from 'vitest';
import { aPeriod, aTariff, component, element } from './pricing.builders.js';
import { priceSession } from './pricing.js';

const tenKwh = [aPeriod('CHARGING', '2026-01-15T09:00Z', '10:00', '10')];
const price = (elements: ReturnType<typeof element>[], limits: Record<string, unknown>, periods = tenKwh) =>
  priceSession({ tariffs: [aTariff(elements, limits)], timeZone: 'UTC', periods });
const energyAt = (amount: string, vat?: string) => [element([component('ENERGY', amount, vat)])];
const shown = (a: { excl: { toFixed(n: number): string }; incl: { toFixed(n: number): string } }) => [
  a.excl.toFixed(2),
  a.incl.toFixed(2),
];

describe('minimum and maximum price', () => {
  it('clamp the figures before and after VAT each on its own', () => {
    const { total } = price(energyAt('1', '10'), { max_price: { excl_vat: 10, incl_vat: 10.5 } });
    expect(shown(total)).toEqual(['10.00', '10.50']);
  });

  it('touch only the figure that is beyond its limit', () => {
    const capped = price(energyAt('1', '10'), { max_price: { excl_vat: 10.4, incl_vat: 10.5 } });
    expect(shown(capped.total)).toEqual(['10.00', '10.50']);
    const lifted = price(energyAt('1', '10'), { min_price: { excl_vat: 9, incl_vat: 12 } });
    expect(shown(lifted.total)).toEqual(['10.00', '12.00']);
  });

  it('leave component totals unclamped and name the adjustment', () => {
    const { components, adjustment } = price(energyAt('1', '10'), {
      max_price: { excl_vat: 8, incl_vat: 8.8 },
    });
    expect(shown(components.energy)).toEqual(['10.00', '11.00']);
    expect(adjustment).toMatchObject({ reason: 'MAX_PRICE' });
    expect(shown(adjustment!)).toEqual(['-2.00', '-2.20']);
  });

  it('have no adjustment when they are not reached', () => {
    const limits = { min_price: { excl_vat: 1 }, max_price: { excl_vat: 10 } };
    expect(price(energyAt('1', '10'), limits).adjustment).toBeNull();
  });

  it('are met exactly without an adjustment', () => {
    expect(price(energyAt('1'), { min_price: { excl_vat: 10 } }).adjustment).toBeNull();
  });

  it('spread over the VAT rates in proportion', () => {
    const elements = [element([component('FLAT', '5', '20'), component('ENERGY', '1', '10')])];
    const { byVatRate, total } = price(elements, { max_price: { excl_vat: 7.5 } });
    expect(shown(total)).toEqual(['7.50', '8.50']); // 17 x 7.5 / 15
    expect(byVatRate.map(shown)).toEqual([
      ['2.50', '3.00'],
      ['5.00', '5.50'],
    ]);
  });

  it('show the rate a minimum price implies when nothing was bought', () => {
    const { byVatRate, total } = price(
      energyAt('1', '10'),
      { min_price: { excl_vat: 1, incl_vat: 1.21 } },
      [],
    );
    expect(shown(total)).toEqual(['1.00', '1.21']);
    expect(byVatRate.map((row) => row.vatPercent?.toFixed())).toEqual(['21']);
  });

  it('take a minimum without VAT figure as free of VAT when nothing was bought', () => {
    const { byVatRate, total } = price(energyAt('1', '10'), { min_price: { excl_vat: 1 } }, []);
    expect(shown(total)).toEqual(['1.00', '1.00']);
    expect(byVatRate.map((row) => row.vatPercent)).toEqual([null]);
  });
});

describe('VAT table', () => {
  it('keeps "no VAT" and "0 %" apart', () => {
    const elements = [element([component('FLAT', '5'), component('ENERGY', '1', '0')])];
    expect(price(elements, {}).byVatRate.map((row) => row.vatPercent?.toFixed() ?? null)).toEqual([
      null,
      '0',
    ]);
  });

  it('adds up to the total where rounding each row would not', () => {
    const elements = [element([component('FLAT', '0.125', '20'), component('ENERGY', '0.0125', '10')])];
    const { byVatRate, total } = price(elements, {});
    expect(total.excl.toFixed(2)).toBe('0.25');
    expect(byVatRate.map((row) => row.excl.toFixed(2))).toEqual(['0.13', '0.12']);
  });
});
