import { describe, expect, it } from 'vitest';
import { duration } from './price-lines.js';
import { aPeriod, aTariff, component, element } from './pricing.builders.js';
import { priceSession } from './pricing.js';

const explained = (elements: ReturnType<typeof element>[], periods: ReturnType<typeof aPeriod>[]) =>
  priceSession({ tariffs: [aTariff(elements)], timeZone: 'Europe/Amsterdam', periods }).lines.map(
    (line) => line.explanation,
  );

describe('a line', () => {
  const hour = aPeriod('CHARGING', '2026-01-15T09:00Z', '10:00', '10');
  const taxes = [
    { name: 'GST', percentage: 5 },
    { name: 'QST', percentage: 9.975 },
  ];
  const lineOf = (component_: object, more: Record<string, unknown> = {}) =>
    priceSession({
      tariffs: [aTariff([{ price_components: [component_ as never] }], more)],
      timeZone: 'UTC',
      periods: [hour],
    }).lines[0]!;

  it('has no more fields than stored lines have, where the tariff has nothing newer', () => {
    const line = lineOf(component('ENERGY', '0.30', '20'));
    for (const key of ['taxes', 'tariffId', 'unitPriceWithTaxes']) expect(line).not.toHaveProperty(key);
  });

  it('names several taxes, and their sum', () => {
    const line = lineOf({ type: 'ENERGY', price: '0.30', taxes });
    expect(line.vatPercent?.toFixed()).toBe('14.975');
    expect(line.taxes?.map(({ name, percent }) => [name, percent.toFixed()])).toEqual([
      ['GST', '5'],
      ['QST', '9.975'],
    ]);
    expect(line.explanation).toBe('10 kWh at 0.3 EUR/kWh, plus 5 % GST and 9.975 % QST');
  });

  it('says what the tariff says, and what that is before taxes', () => {
    const line = lineOf(component('ENERGY', '0.59', '19'), { tax_included: 'YES' });
    expect([line.unitPrice.toFixed(), line.unitPriceWithTaxes?.toFixed()]).toEqual(['0.495798', '0.59']);
    expect([line.excl.toFixed(), line.incl.toFixed()]).toEqual(['4.96', '5.9']);
    expect(line.explanation).toBe('10 kWh at 0.59 EUR/kWh, including 19 % VAT');
  });

  it('names its tariff where the session has several', () => {
    const [one, two] = ['ONE', 'TWO'].map((id) => aTariff([element([component('ENERGY', '1')])], { id }));
    const periods = [hour, aPeriod('CHARGING', '2026-01-15T10:00Z', '11:00', '5', { tariffId: 'TWO' })];
    const price = priceSession({ tariffs: [one!, two!], timeZone: 'UTC', periods });
    expect(price.lines.map((line) => [line.tariffId, line.quantity.toFixed()])).toEqual([
      ['ONE', '10'],
      ['TWO', '5'],
    ]);
    expect(price.periods.map((period) => period.tariffId)).toEqual(['ONE', 'TWO']);
  });
});

describe('the explanation of a line', () => {
  it('names quantity, price and VAT', () => {
    const elements = [
      element([component('FLAT', '0.50', '20'), component('ENERGY', '0.25', '10'), component('TIME', '1')]),
    ];
    expect(explained(elements, [aPeriod('CHARGING', '2026-01-15T09:00Z', '10:30', '20.5')])).toEqual([
      'Session fee 0.5 EUR, plus 20 % VAT',
      '20.5 kWh at 0.25 EUR/kWh, plus 10 % VAT',
      '1 h 30 min charging at 1 EUR/h, no VAT',
    ]);
  });

  it('says when a step was rounded up', () => {
    const elements = [
      element([component('ENERGY', '0.25', '10', 100), component('PARKING_TIME', '2', '20', 900)]),
    ];
    const periods = [
      aPeriod('CHARGING', '2026-01-15T09:00Z', '10:00', '20.45'),
      aPeriod('IDLE', '2026-01-15T10:00Z', '10:40'),
    ];
    expect(explained(elements, periods)).toEqual([
      '20.45 kWh, billed as 20.5 kWh (steps of 100 Wh) at 0.25 EUR/kWh, plus 10 % VAT',
      '40 min idle, billed as 45 min (steps of 900 s) at 2 EUR/h, plus 20 % VAT',
    ]);
  });

  it('says when energy was split between meter readings', () => {
    const elements = [
      element([component('ENERGY', '0.40')], { end_time: '12:00' }),
      element([component('ENERGY', '0.30')]),
    ];
    const lines = explained(elements, [aPeriod('CHARGING', '2026-01-15T10:30Z', '11:30', '10')]);
    expect(lines).toHaveLength(2);
    for (const line of lines)
      expect(line).toContain('split at the price step by interpolating between meter readings');
  });

  it('does not claim a split where a meter reading lies on the price step', () => {
    const elements = [
      element([component('ENERGY', '0.40')], { end_time: '12:00' }),
      element([component('ENERGY', '0.30')]),
    ];
    const periods = [
      aPeriod('CHARGING', '2026-01-15T10:30Z', '11:00', '5'),
      aPeriod('CHARGING', '2026-01-15T11:00Z', '11:30', '5'),
    ];
    expect(explained(elements, periods).join()).not.toContain('interpolating');
  });
});

describe('duration', () => {
  it.each([
    [0, '0 s'],
    [400, '0 s'],
    [59_600, '1 min'],
    [61_000, '1 min 1 s'],
    [7_200_000, '2 h'],
    [90_061_000, '25 h 1 min 1 s'],
  ])('shows %i ms as %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});
