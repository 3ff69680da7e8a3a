import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kwhDecimal, mwh, mwhFromKwhText, mwhFromWh, mwhFromWhText, watts, whNumber } from './energy.js';

describe('energy', () => {
  it.each([
    ['1.234', 1_234_000],
    ['0.000001', 1],
    ['0.0000005', 1],
    ['20.45', 20_450_000],
    ['-0.5', -500_000],
    [' 7 ', 7_000_000],
    ['1e1', 10_000_000],
    ['9999999.999', 9_999_999_999_000],
  ])('reads "%s" kWh as %i mWh', (text, expected) => {
    expect(mwhFromKwhText(text)).toBe(expected);
  });

  it('reads Wh text with and without decimals', () => {
    expect(mwhFromWhText('1234.5')).toBe(1_234_500);
    expect(mwhFromWhText('1234')).toBe(mwhFromWh(1234));
  });

  it.each(['', 'abc', '1,5', 'NaN'])('refuses "%s"', (text) => {
    expect(() => mwhFromKwhText(text)).toThrow(expect.objectContaining({ code: 'DECIMAL_INVALID' }));
  });

  it('refuses fractions of its unit and numbers past the safe range', () => {
    expect(() => mwh(1.5)).toThrow(expect.objectContaining({ code: 'ENERGY_NOT_WHOLE' }));
    expect(() => watts(Number.NaN)).toThrow(expect.objectContaining({ code: 'ENERGY_NOT_WHOLE' }));
    expect(() => mwhFromKwhText('99999999999999')).toThrow(
      expect.objectContaining({ code: 'ENERGY_NOT_WHOLE' }),
    );
  });

  it('never yields a negative zero', () => {
    expect(Object.is(mwh(-0), 0)).toBe(true);
    expect(Object.is(mwhFromKwhText('-0.0'), 0)).toBe(true);
  });

  it('converts to kWh and back without losing a milli-watt-hour', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(10 ** 12), max: 10 ** 12 }), (n) => {
        expect(mwhFromKwhText(kwhDecimal(mwh(n)).toFixed())).toBe(n === 0 ? 0 : n);
      }),
    );
  });

  it('shows Wh with at most three decimals', () => {
    expect(whNumber(mwh(1_234_567))).toBe(1234.567);
  });
});
