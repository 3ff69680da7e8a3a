import { localParts, offsetChanges } from '@kilowatch/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aTariff, component, element } from './pricing.builders.js';
import { type Moment, localTimeCuts, restrictionsHold } from './restrictions.js';

const AMSTERDAM = 'Europe/Amsterdam';
const parse = (restrictions: Record<string, unknown>) =>
  aTariff([element([component('ENERGY', '1')], restrictions)]).elements[0]!.restrictions;
const moment = (parts: Partial<Moment> & { at?: string }): Moment => ({
  atMs: Date.parse(parts.at ?? '2026-01-15T11:00:00Z'),
  local: localParts(new Date(parts.at ?? '2026-01-15T11:00:00Z'), AMSTERDAM),
  energyMwh: 0,
  sinceStartMs: 0,
  powerW: { min: 0, max: 0 },
  currentMa: { min: 0, max: 0 },
  ...parts,
});
const holds = (restrictions: Record<string, unknown>, parts: Partial<Moment> & { at?: string }) =>
  restrictionsHold(parse(restrictions), moment(parts));

describe('restrictionsHold', () => {
  it('holds without restrictions', () => {
    expect(holds({}, {})).toBe(true);
  });

  it('includes the lower and excludes the upper bound of energy and duration', () => {
    const kwh = { min_kwh: 10, max_kwh: 20 };
    const at = [9_999_999, 10_000_000, 19_999_999, 20_000_000];
    expect(at.map((energyMwh) => holds(kwh, { energyMwh }))).toEqual([false, true, true, false]);
    const time = { min_duration: 60, max_duration: 120 };
    expect([59_999, 60_000, 119_999, 120_000].map((sinceStartMs) => holds(time, { sinceStartMs }))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('asks the lowest power for a minimum and the highest for a maximum', () => {
    const range = (min: number, max: number) => ({ powerW: { min, max } });
    expect(holds({ min_power: 11 }, range(10_999, 22_000))).toBe(false);
    expect(holds({ min_power: 11 }, range(11_000, 22_000))).toBe(true);
    expect(holds({ max_power: 22 }, range(0, 22_000))).toBe(false);
    expect(holds({ max_power: 22 }, range(0, 21_999))).toBe(true);
  });

  it('compares current in ampere, with decimals', () => {
    expect(holds({ min_current: 15.5 }, { currentMa: { min: 15_500, max: 16_000 } })).toBe(true);
    expect(holds({ max_current: 15.5 }, { currentMa: { min: 15_500, max: 15_500 } })).toBe(false);
  });

  it.each([
    ['07:00', '23:00', '2026-01-15T06:00:00Z', true],
    ['07:00', '23:00', '2026-01-15T05:59:59Z', false],
    ['07:00', '23:00', '2026-01-15T22:00:00Z', false],
    ['23:00', '07:00', '2026-01-15T22:00:00Z', true],
    ['23:00', '07:00', '2026-01-15T05:59:59Z', true],
    ['23:00', '07:00', '2026-01-15T06:00:00Z', false],
    ['20:00', '00:00', '2026-01-15T22:59:59Z', true],
    ['20:00', '00:00', '2026-01-15T23:00:00Z', false],
  ])('from %s to %s at %s: %s', (start_time, end_time, at, expected) => {
    expect(holds({ start_time, end_time }, { at })).toBe(expected);
  });

  it('takes one bound alone as from then on, or until then, each day', () => {
    expect(holds({ start_time: '12:00' }, { at: '2026-01-15T11:00:00Z' })).toBe(true);
    expect(holds({ start_time: '12:01' }, { at: '2026-01-15T11:00:00Z' })).toBe(false);
    expect(holds({ end_time: '12:00' }, { at: '2026-01-15T11:00:00Z' })).toBe(false);
  });

  it('takes dates and days on the local calendar', () => {
    const lateEvening = '2026-01-15T23:30:00Z'; // Friday the 16th in Amsterdam
    expect(holds({ start_date: '2026-01-16' }, { at: lateEvening })).toBe(true);
    expect(holds({ end_date: '2026-01-16' }, { at: lateEvening })).toBe(false);
    expect(holds({ day_of_week: ['FRIDAY'] }, { at: lateEvening })).toBe(true);
    expect(holds({ day_of_week: ['THURSDAY'] }, { at: lateEvening })).toBe(false);
  });

  it('wants all restrictions at once', () => {
    const both = { min_kwh: 1, day_of_week: ['THURSDAY'] };
    expect(holds(both, { energyMwh: 1_000_000 })).toBe(true);
    expect(holds(both, { energyMwh: 999_999 })).toBe(false);
    expect(holds(both, { energyMwh: 1_000_000, at: '2026-01-16T12:00:00Z' })).toBe(false);
  });
});

describe('localTimeCuts', () => {
  const tariff = aTariff([element([component('ENERGY', '1')], { start_time: '02:30', end_time: '04:00' })]);
  const cuts = (from: string, to: string) =>
    localTimeCuts(tariff, new Date(from), new Date(to), AMSTERDAM).map((ms) =>
      new Date(ms).toISOString().slice(0, 16),
    );

  it('cuts at each boundary and at midnight', () => {
    expect(cuts('2026-01-15T12:00:00Z', '2026-01-16T12:00:00Z')).toEqual([
      '2026-01-15T23:00',
      '2026-01-16T01:30',
      '2026-01-16T03:00',
    ]);
  });

  it('cuts at both times of a boundary that the autumn night shows twice, and at the change', () => {
    expect(cuts('2026-10-24T22:30:00Z', '2026-10-25T05:00:00Z')).toEqual([
      '2026-10-25T00:30',
      '2026-10-25T01:00',
      '2026-10-25T01:30',
      '2026-10-25T03:00',
    ]);
  });

  it('cuts at the change where the spring night skips a boundary', () => {
    expect(cuts('2026-03-28T23:30:00Z', '2026-03-29T05:00:00Z')).toContain('2026-03-29T01:00');
  });

  it('never cuts at or outside the ends', () => {
    expect(cuts('2026-01-16T01:30:00Z', '2026-01-16T03:00:00Z')).toEqual([]);
  });

  it('cuts at every minute at which the clock on the wall shows a boundary, in zones of all kinds', () => {
    const zones = [AMSTERDAM, 'Australia/Lord_Howe', 'America/St_Johns', 'Pacific/Apia', 'UTC'];
    const anInterval = fc.record({
      zone: fc.constantFrom(...zones),
      from: fc.integer({ min: Date.UTC(2026, 0, 1) / 60_000, max: Date.UTC(2026, 11, 31) / 60_000 }),
      minutes: fc.integer({ min: 1, max: 1_600 }),
    });
    fc.assert(
      fc.property(anInterval, ({ zone, from, minutes }) => {
        const [start, end] = [from * 60_000, (from + minutes) * 60_000];
        const found = new Set(localTimeCuts(tariff, new Date(start), new Date(end), zone));
        for (let ms = start + 60_000; ms < end; ms += 60_000) {
          const { minuteOfDay, offsetMinutes } = localParts(new Date(ms), zone);
          const isBoundary = [0, 150, 240].includes(minuteOfDay);
          const isChange = localParts(new Date(ms - 60_000), zone).offsetMinutes !== offsetMinutes;
          if (isBoundary || isChange) expect(found).toContain(ms);
          else if (found.has(ms)) expect(offsetChanges(new Date(start), new Date(end), zone)).not.toEqual([]);
        }
      }),
      { numRuns: 40 },
    );
  });
});
