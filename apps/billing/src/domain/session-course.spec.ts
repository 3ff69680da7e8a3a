import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { periodsFromSession, priceSession } from '@kilowatch/pricing';
import { aTariff, component, element, energyOf } from '@kilowatch/pricing/builders';
import { bucketsOf } from './register-buckets.js';
import {
  courseOf,
  registerIntervals,
  revivedCourse,
  type KnownSession,
  type RegisterPoint,
} from './session-course.js';
import { stored } from './stored.js';

const at = (minutes: number) => new Date(Date.UTC(2026, 0, 15, 9, minutes));
const aSession = (over: Partial<KnownSession> = {}): KnownSession => ({
  startedAt: at(0),
  until: at(60),
  statePeriods: [],
  intervals: [],
  energyMwh: 5_000,
  idleGraceMinutes: 0,
  ...over,
});

describe('courseOf', () => {
  it('counts idle from when the car first asked for no power', () => {
    const course = courseOf(
      aSession({
        statePeriods: [
          { state: 'SUSPENDED_EV', from: at(50), to: undefined },
          { state: 'CHARGING', from: at(0), to: at(20) },
          { state: 'SUSPENDED_EV', from: at(20), to: at(30) },
        ],
      }),
    );
    expect(course.fullToldAt).toEqual(at(20));
    expect(course.states.map((state) => state.from)).toEqual([at(0), at(20), at(50)]);
  });

  it('leaves out states that are none, and never bills idle without a full car', () => {
    const course = courseOf(
      aSession({ statePeriods: [{ state: 'Nonsense', from: at(0) }, { state: 'CHARGING' }] }),
    );
    expect(course).toMatchObject({ states: [] });
    expect(course.fullToldAt).toBeUndefined();
  });

  it('spreads energy over the session when nothing says when it flowed', () => {
    expect(courseOf(aSession()).intervals).toEqual([{ from: at(0), to: at(60), energyMwh: 5_000 }]);
  });

  it('survives a charger whose clock went back', () => {
    const course = courseOf(aSession({ until: at(-5) }));
    expect(energyOf(periodsFromSession(course))).toBe(5_000);
  });

  it('is the same after it was stored', () => {
    const states = [
      { state: 'CHARGING', from: at(0), to: at(30) },
      { state: 'SUSPENDED_EV', from: at(30) },
    ];
    const course = courseOf(aSession({ statePeriods: states }));
    expect(revivedCourse(stored(course))).toEqual(course);
    const reservation = { from: at(-30), to: at(0) };
    expect(revivedCourse(stored({ ...course, reservation }))).toEqual({ ...course, reservation });
  });
});

describe('registerIntervals', () => {
  it('takes differences in order of time and nothing from a register that fell', () => {
    const points = [
      [10, 300],
      [0, 100],
      [20, 250],
      [30, 400],
    ].map(([m, mwh]) => ({ at: at(m!), mwh: mwh! }));
    expect(registerIntervals(points).map((part) => part.energyMwh)).toEqual([200, 100]);
    expect(registerIntervals([])).toEqual([]);
  });
});

describe('thinned registers', () => {
  const tariff = aTariff([
    element([component('ENERGY', '0.40', '21')], { start_time: '09:45', end_time: '11:05' }),
    element([component('ENERGY', '0.25', '21')]),
  ]);
  const price = (points: readonly RegisterPoint[]) => {
    const course = courseOf(aSession({ until: at(240), intervals: registerIntervals(points), energyMwh: 0 }));
    return priceSession({ tariffs: [tariff], timeZone: 'UTC', periods: periodsFromSession(course) });
  };

  it('give the very price that all registers give', () => {
    const increments = fc.array(fc.tuple(fc.integer({ min: 1, max: 900 }), fc.nat({ max: 500_000 })), {
      minLength: 2,
      maxLength: 60,
    });
    fc.assert(
      fc.property(increments, (steps) => {
        let [seconds, mwh] = [0, 1_000];
        const all = steps.map(([s, energy]) => {
          [seconds, mwh] = [seconds + s, mwh + energy];
          return { at: new Date(at(0).getTime() + seconds * 1000), mwh };
        });
        const readings = all.map((point) => ({ ...point, stationId: 'S', transactionRef: 'T' }));
        const thinned = bucketsOf(readings).flatMap((bucket): RegisterPoint[] => [
          { at: bucket.firstAt, mwh: bucket.firstMwh },
          { at: bucket.lastAt, mwh: bucket.lastMwh },
        ]);
        expect(stored(price(thinned).total)).toEqual(stored(price(all).total));
      }),
    );
  });
});
