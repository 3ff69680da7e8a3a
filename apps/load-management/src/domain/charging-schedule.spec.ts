import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { energyOf, leastDa, mostDa, needsProblem, phasesOf, type ChargingNeeds } from './charging-needs.js';
import { horizonMs, isEnough, scheduleFor } from './charging-schedule.js';

const NOW = new Date('2026-03-01T10:00:00Z');
const HOUR_MS = 3_600_000;
const LEASE_MS = 900_000;
const inHours = (hours: number) => new Date(NOW.getTime() + hours * HOUR_MS);
const SAID_NOTHING: ChargingNeeds = {
  transfer: '',
  departureAt: null,
  maxPeriods: null,
  energyWh: null,
  minCurrentA: null,
  maxCurrentA: null,
  maxVoltageV: null,
  minPowerW: null,
  maxPowerW: null,
  capacityWh: null,
  stateOfCharge: null,
  fullStateOfCharge: null,
};
const AC: ChargingNeeds = {
  ...SAID_NOTHING,
  transfer: 'AC_three_phase',
  departureAt: inHours(8),
  energyWh: 20_000,
  minCurrentA: 6,
  maxCurrentA: 16,
  maxVoltageV: 400,
};
const DC: ChargingNeeds = {
  ...SAID_NOTHING,
  transfer: 'DC',
  maxCurrentA: 300,
  maxVoltageV: 800,
  maxPowerW: 150_000,
  capacityWh: 80_000,
  stateOfCharge: 20,
  fullStateOfCharge: 80,
};

describe('what a car needs', () => {
  it('is per phase of the site: AC as it says, DC by its power over three', () => {
    expect([mostDa(AC), leastDa(AC), phasesOf(AC, 3)]).toEqual([160, 60, 3]);
    expect([mostDa(DC), leastDa(DC), phasesOf(DC, 0)]).toEqual([2_173, 0, 3]);
    expect(mostDa({ ...DC, maxPowerW: null, maxCurrentA: 100, maxVoltageV: 400 })).toBe(579);
  });

  it('of a car on fewer phases than its connector has counts on those', () => {
    const single = { ...AC, transfer: 'AC_single_phase' };
    expect([phasesOf(single, 3), phasesOf(AC, 1), phasesOf({ ...AC, transfer: 'AC_two_phase' }, 0)]).toEqual([
      1, 1, 2,
    ]);
  });

  it('in watts alone, as cars of ISO 15118-20 tell it, counts as well', () => {
    const watts = { ...AC, minCurrentA: null, maxCurrentA: null, minPowerW: 4_140, maxPowerW: 11_040 };
    expect([mostDa(watts), leastDa(watts)]).toEqual([160, 60]);
  });

  it('is its energy, or what is missing in its battery', () => {
    expect([energyOf(AC), energyOf(DC), energyOf({ ...DC, stateOfCharge: null })]).toEqual([
      20_000,
      48_000,
      undefined,
    ]);
    expect(energyOf({ ...DC, stateOfCharge: 95 })).toBe(0);
  });

  it.each([
    ['AC_three_phase', {}, undefined],
    ['DC', { maxVoltageV: 400 }, undefined],
    ['DC_ACDP', { maxPowerW: 300_000 }, undefined],
    ['AC_BPT', {}, 'UnsupportedTransfer'],
    ['DC_BPT', {}, 'UnsupportedTransfer'],
    ['WPT', {}, 'UnsupportedTransfer'],
    ['__proto__', {}, 'UnsupportedTransfer'],
    ['AC_three_phase', { maxCurrentA: 0 }, 'NoFigures'],
    ['DC', {}, 'NoFigures'],
  ])('by %s with %j has the problem %s', (transfer, over, problem) => {
    expect(needsProblem({ ...SAID_NOTHING, maxCurrentA: 16, transfer, ...over })).toBe(problem);
  });
});

describe('the schedule of a car', () => {
  const ofAc = (needs: Partial<ChargingNeeds>, limitDa = 320) =>
    scheduleFor({ ...AC, ...needs }, limitDa, 3, 8 * HOUR_MS);

  it('is what the car takes until it has its energy, with a tenth for losses, then what keeps it awake', () => {
    // 20 kWh and a tenth at 16 A on three phases of 230 V: 1 h 59.6 min.
    expect(ofAc({})).toEqual({
      unit: 'A',
      numberPhases: 3,
      periods: [
        { fromSeconds: 0, tenths: 160 },
        { fromSeconds: 7_200, tenths: 60 },
      ],
    });
  });

  it('is never above the limit of its session', () => {
    expect(ofAc({}, 100).periods).toEqual([
      { fromSeconds: 0, tenths: 100 },
      { fromSeconds: 11_520, tenths: 60 },
    ]);
  });

  it('is one limit when there is not enough time, when nobody knows how much, and when the car takes no more', () => {
    const one = [{ fromSeconds: 0, tenths: 160 }];
    expect(ofAc({ energyWh: 200_000 }).periods).toEqual(one);
    expect(ofAc({ energyWh: null }).periods).toEqual(one);
    expect(ofAc({ maxPeriods: 1 }).periods).toEqual(one);
  });

  it('is a pause when the limit is below what the car can charge with', () => {
    expect(ofAc({ minCurrentA: 10 }, 90).periods).toEqual([{ fromSeconds: 0, tenths: 0 }]);
    expect(ofAc({}, 59).periods).toEqual([{ fromSeconds: 0, tenths: 0 }]);
  });

  it('of DC is in watts, without phases', () => {
    expect(scheduleFor(DC, 1_000, 0, HOUR_MS)).toEqual({
      unit: 'W',
      numberPhases: null,
      periods: [
        { fromSeconds: 0, tenths: 690_000 },
        { fromSeconds: 2_760, tenths: 41_400 },
      ],
    });
  });

  it('lasts until the car leaves: a day at most or when it does not say, a lease at least', () => {
    const lasts = (departureAt: Date | null) => horizonMs({ ...AC, departureAt }, NOW, LEASE_MS) / HOUR_MS;
    expect([inHours(8), inHours(48), null, inHours(-1), inHours(0.1)].map(lasts)).toEqual([
      8, 24, 24, 24, 0.25,
    ]);
  });

  it('is enough or not, as far as the car said what would be', () => {
    const enough = (needs: Partial<ChargingNeeds>, limitDa = 320) =>
      isEnough({ ...AC, ...needs }, limitDa, 3, NOW);
    expect([enough({}), enough({ departureAt: inHours(1) }), enough({}, 0)]).toEqual([true, false, false]);
    expect([enough({ energyWh: null }), enough({ departureAt: null })]).toEqual([undefined, undefined]);
  });

  it('obeys limit, car and number of periods, whatever the car says', () => {
    const figure = fc.option(fc.double({ min: -10, max: 500_000, noNaN: true }));
    const needs = fc.record({
      transfer: fc.constantFrom('AC_single_phase', 'AC_two_phase', 'AC_three_phase', 'DC'),
      departureAt: fc.constant(inHours(3)),
      maxPeriods: fc.option(fc.integer({ min: 1, max: 5 })),
      energyWh: figure,
      minCurrentA: figure,
      maxCurrentA: figure,
      maxVoltageV: figure,
      minPowerW: figure,
      maxPowerW: figure,
      capacityWh: figure,
      stateOfCharge: fc.option(fc.integer({ min: 0, max: 100 })),
      fullStateOfCharge: fc.option(fc.integer({ min: 0, max: 100 })),
    });
    fc.assert(
      fc.property(
        needs,
        fc.integer({ min: 0, max: 5_000 }),
        fc.constantFrom(0, 1, 3),
        (car, limitDa, phases) => {
          const { unit, periods } = scheduleFor(car, limitDa, phases, 3 * HOUR_MS);
          expect(periods[0]?.fromSeconds).toBe(0);
          expect(periods.length).toBeLessThanOrEqual(car.maxPeriods ?? 2);
          periods.forEach(({ fromSeconds, tenths }, i) => {
            const da = unit === 'A' ? tenths : tenths / 690;
            expect(Number.isInteger(da)).toBe(true);
            expect(da).toBeLessThanOrEqual(Math.min(limitDa, mostDa(car) ?? limitDa));
            if (i > 0) expect(fromSeconds).toBeGreaterThan(periods[i - 1]!.fromSeconds);
            expect(fromSeconds).toBeLessThan(3 * 3_600);
          });
        },
      ),
    );
  });
});
