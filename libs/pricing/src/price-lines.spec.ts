import { describe, expect, it } from 'vitest';
import { duration } from './price-lines.js';
import { aPeriod, aTariff, component, element } from './pricing.builders.js';
import { priceSession } from './pricing.js';

const explained = (elements: ReturnType<typeof element>[], periods: ReturnType<typeof aPeriod>[]) =>
  priceSession({ tariff: aTariff(elements), timeZone: 'Europe/Amsterdam', periods }).lines.map(
    (line) => line.explanation,
  );

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
