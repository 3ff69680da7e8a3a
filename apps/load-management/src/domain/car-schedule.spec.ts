import { describe, expect, it } from 'vitest';
import { fits, isToldAgain, type CarSchedule, type Given } from './car-schedule.js';
import type { ChargingNeeds } from './charging-needs.js';

const START = new Date('2026-03-01T10:00:00Z');
const at = (seconds: number) => new Date(START.getTime() + seconds * 1000);
const given = (unit: 'A' | 'W', ...tenths: number[]): Given => ({
  startAt: START,
  schedule: {
    unit,
    numberPhases: 3,
    periods: tenths.map((each, i) => ({ fromSeconds: i * 3_600, tenths: each })),
  },
});
const car = (unit: 'A' | 'W', limits: readonly (readonly [number, number])[], over = {}): CarSchedule => ({
  timeBase: at(60),
  unit,
  durationSeconds: null,
  periods: limits.map(([startSeconds, limit]) => ({ startSeconds, limit, numberPhases: null })),
  ...over,
});

describe('the schedule that a car made', () => {
  it('fits when it is nowhere above what the car was given', () => {
    expect(fits(car('A', [[0, 16]]), given('A', 160), null)).toBe(true);
    expect(fits(car('A', [[0, 17]]), given('A', 160), null)).toBe(false);
  });

  it('is looked at where what was given changes as well', () => {
    expect(fits(car('A', [[0, 16]]), given('A', 160, 60), null)).toBe(false);
    const lower = car('A', [[0, 16], [3_540, 6]]); // prettier-ignore
    expect(fits(lower, given('A', 160, 60), null)).toBe(true);
    const late = car('A', [[0, 16], [3_600, 6]]); // prettier-ignore
    expect(fits(late, given('A', 160, 60), null)).toBe(false);
  });

  it('counts until its end only', () => {
    expect(fits(car('A', [[0, 16]], { durationSeconds: 3_000 }), given('A', 160, 60), null)).toBe(true);
  });

  it('may be in watts where amperes were given, on as many phases as the car uses', () => {
    expect(fits(car('W', [[0, 11_040]]), given('A', 160), null)).toBe(true);
    expect(fits(car('W', [[0, 12_000]]), given('A', 160), null)).toBe(false);
    const single = { transfer: 'AC_single_phase' } as ChargingNeeds;
    expect(fits(car('W', [[0, 11_040]]), given('A', 160), single)).toBe(false);
    expect(fits(car('W', [[0, 3_680]]), given('A', 160), single)).toBe(true);
  });

  it('of DC in amperes is at the voltage of the battery', () => {
    const dc = { transfer: 'DC', maxVoltageV: 400 } as ChargingNeeds;
    expect(fits(car('A', [[0, 150]]), given('W', 690_000), dc)).toBe(true);
    expect(fits(car('A', [[0, 200]]), given('W', 690_000), dc)).toBe(false);
    expect(fits(car('W', [[0, 69_000]]), given('W', 690_000), dc)).toBe(true);
  });

  it('is measured by the one limit where there is no schedule', () => {
    const plain: Given = { startAt: START, schedule: { limitDa: 100 } };
    expect([10, 11].map((limit) => fits(car('A', [[0, limit]]), plain, null))).toEqual([true, false]);
  });

  it('may be off by what is lost between watts and amperes, and by nothing else', () => {
    expect(fits(car('W', [[0, 11_100]]), given('A', 160), null)).toBe(true);
    expect(fits(car('A', [[0, 16.1]]), given('A', 160), null)).toBe(false);
  });

  it('that does not fit is answered with what was given, three times in a row', () => {
    expect([1, 3, 4].map(isToldAgain)).toEqual([true, true, false]);
  });
});
