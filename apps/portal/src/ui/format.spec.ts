import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  energyFigure,
  formatAgo,
  formatDuration,
  formatMoney,
  formatPower,
  formatQuantity,
  formatTime,
  formatUnitPrice,
  formatVatPercent,
  powerFigure,
} from './format.js';

describe('money', () => {
  it('shows the amount as it came, also where a binary fraction would not', () => {
    expect(formatMoney({ amount: '1234567890123456.78', currency: 'EUR' }, 'en')).toBe(
      '€1,234,567,890,123,456.78',
    );
    expect(formatMoney({ amount: '0.10', currency: 'EUR' }, 'de').replace(/\s/g, ' ')).toBe('0,10 €');
  });

  it('shows the digits of the currency', () => {
    expect(formatMoney({ amount: '1200', currency: 'JPY' }, 'en')).toBe('¥1,200');
  });

  it('keeps the finer digits of a unit price', () => {
    expect(formatUnitPrice('0.3125', 'EUR', 'en')).toBe('€0.3125');
    expect(formatUnitPrice('0.4', 'EUR', 'en')).toBe('€0.40');
  });

  it('never changes a two-digit amount', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 17n), (cents) => {
        const text = `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
        expect(formatMoney({ amount: text, currency: 'EUR' }, 'en').replace(/[€,]/g, '')).toBe(text);
      }),
    );
  });
});

describe('energy and power', () => {
  it('shows watts below a kilowatt and fewer decimals the bigger it gets', () => {
    expect(formatPower(0, 'en')).toBe('0\u00a0W');
    expect(formatPower(999, 'en')).toBe('999\u00a0W');
    expect(formatPower(7_360, 'en')).toBe('7.36\u00a0kW');
    expect(formatPower(11_040, 'en')).toBe('11.0\u00a0kW');
    expect(formatPower(1_250_000, 'en')).toBe('1,250\u00a0kW');
  });

  it('shows a dash where nothing was measured, not a zero', () => {
    expect(powerFigure(null, 'en').value).toBe('–');
    expect(energyFigure(undefined, 'en').value).toBe('–');
    expect(energyFigure(0, 'en').value).toBe('0.00');
  });

  it('shows a quantity with its unit, and without one for a count', () => {
    expect(formatQuantity('12.3450', 'kWh', 'en')).toBe('12.345 kWh');
    expect(formatQuantity('1', '', 'en')).toBe('1');
    expect(formatVatPercent('8.1', 'en')).toBe('8.1\u00a0%');
  });
});

describe('times', () => {
  it('shows an instant in the zone asked for', () => {
    expect(formatTime('2026-07-01T22:30:00Z', 'time', 'en-GB', 'Europe/Berlin')).toBe('00:30');
    expect(formatTime('2026-07-01T22:30:00Z', 'day', 'en-GB', 'Europe/Berlin')).toBe('2 July 2026');
  });

  it('shows durations in the two units that matter', () => {
    const plain = (seconds: number) => formatDuration(seconds).replaceAll('\u00a0', ' ');
    expect([-5, 48, 60, 3_599, 3_900, 90_000].map(plain)).toEqual([
      '0 s',
      '48 s',
      '1 min',
      '59 min',
      '1 h 05 min',
      '1 d 1 h',
    ]);
  });

  it('says how long ago in words', () => {
    const now = Date.parse('2026-07-01T12:00:00Z');
    expect(formatAgo('2026-07-01T11:59:40Z', now, 'en')).toBe('just now');
    expect(formatAgo('2026-07-01T11:57:00Z', now, 'en')).toBe('3 minutes ago');
    expect(formatAgo('2026-06-30T11:00:00Z', now, 'en')).toBe('yesterday');
  });
});
