import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aPeriod, aTariff, component, element, energyOf } from './pricing.builders.js';
import { cutIntoSlices, share } from './slices.js';

const ENERGY = [component('ENERGY', '1')];
const tariff = aTariff([
  element(ENERGY, { max_kwh: 10 }),
  element(ENERGY, { start_time: '12:00', end_time: '13:00' }),
  element(ENERGY, { min_duration: 5400 }),
  element(ENERGY),
]);
const shown = (periods: ReturnType<typeof aPeriod>[]) =>
  cutIntoSlices([tariff], 'UTC', periods).map((s) => [
    new Date(s.start).toISOString().slice(11, 16),
    s.energyMwh / 1e6,
    s.interpolatedStart,
  ]);

describe('cutIntoSlices', () => {
  it('cuts at the clock, at an amount of energy and at a duration', () => {
    expect(shown([aPeriod('CHARGING', '2026-01-15T11:00Z', '13:30', '25')])).toEqual([
      ['11:00', 10, false],
      ['12:00', 0, true],
      ['12:00', 5, true],
      ['12:30', 5, true],
      ['13:00', 5, true],
    ]);
  });

  it('counts energy and duration over all periods, but not from a reservation', () => {
    const slices = cutIntoSlices([tariff], 'UTC', [
      aPeriod('RESERVED', '2026-01-15T08:00Z', '09:00'),
      aPeriod('CHARGING', '2026-01-15T09:00Z', '09:30', '4'),
      aPeriod('CHARGING', '2026-01-15T09:30Z', '10:00', '4'),
    ]);
    expect(slices.map((s) => [s.moment.energyMwh, s.moment.sinceStartMs])).toEqual([
      [0, -3_600_000],
      [0, 0],
      [4_000_000, 1_800_000],
    ]);
  });

  it('does not call a cut through time without energy interpolated', () => {
    expect(shown([aPeriod('HELD', '2026-01-15T11:30Z', '12:30')])).toEqual([
      ['11:30', 0, false],
      ['12:00', 0, false],
    ]);
  });

  it('leaves out a period of neither time nor energy, unless there is no other', () => {
    const nothing = aPeriod('IDLE', '2026-01-15T09:30Z', '09:30');
    const half = aPeriod('CHARGING', '2026-01-15T09:00Z', '09:30', '1');
    const rest = aPeriod('CHARGING', '2026-01-15T09:30Z', '10:00', '1');
    const kinds = (...periods: ReturnType<typeof aPeriod>[]) =>
      cutIntoSlices([tariff], 'UTC', periods).map((slice) => slice.kind);
    expect(kinds(half, nothing, rest)).toEqual(['CHARGING', 'CHARGING']);
    expect(kinds(nothing)).toEqual(['IDLE']);
    expect(kinds(nothing, nothing)).toEqual(['IDLE']);
    expect(kinds(half, nothing)).toEqual(['CHARGING']);
    expect(kinds(aPeriod('CHARGING', '2026-01-15T09:30Z', '09:30', '1'), rest)).toHaveLength(2);
  });

  it('keeps interpolation that was done before', () => {
    const cut = aPeriod('CHARGING', '2026-01-15T09:00Z', '09:30', '1', { interpolatedStart: true });
    expect(shown([cut])[0]).toEqual(['09:00', 1, true]);
  });

  it('takes the mean power unless the period knows better', () => {
    const power = (more: object) =>
      cutIntoSlices([tariff], 'UTC', [aPeriod('CHARGING', '2026-01-15T09:00Z', '09:30', '5.5', more)])[0]!
        .moment.powerW;
    expect(power({})).toEqual({ min: 11_000, max: 11_000 });
    expect(power({ powerW: { min: 3, max: 22_000 } })).toEqual({ min: 3, max: 22_000 });
  });

  it('neither loses nor invents energy or time', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 999_999_999 }),
        fc.integer({ min: 1, max: 100_000_000 }),
        fc.nat({ max: 86_400_000 }),
        (mWh, ms, wait) => {
          const start = new Date(Date.UTC(2026, 0, 15) + wait);
          const period = {
            start,
            end: new Date(start.getTime() + ms),
            kind: 'CHARGING' as const,
            energyMwh: mWh as never,
          };
          const slices = cutIntoSlices([tariff], 'Europe/Amsterdam', [period]);
          expect(slices.reduce((sum, s) => sum + s.energyMwh, 0)).toBe(energyOf([period]));
          expect(slices[0]!.start).toBe(start.getTime());
          expect(slices[slices.length - 1]!.end).toBe(period.end.getTime());
          slices.forEach((s, i) => {
            expect(s.energyMwh).toBeGreaterThanOrEqual(0);
            expect(s.end).toBeGreaterThanOrEqual(s.start);
            if (i > 0) expect(s.start).toBe(slices[i - 1]!.end);
          });
        },
      ),
    );
  });
});

describe('share', () => {
  it('rounds half up and stays exact beyond what a double holds', () => {
    expect(share(5, 1, 2)).toBe(3);
    expect(share(9_007_199_254_740_991, 999_999_999, 1_000_000_000)).toBe(9_007_199_245_733_792);
  });
});
