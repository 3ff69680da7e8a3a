import { describe, expect, it } from 'vitest';
import { periodsFromSession, priceSession } from '@kilowatch/pricing';
import { aTariff, component, element, energyOf } from '@kilowatch/pricing/builders';
import { courseOf, revivedCourse, type KnownSession } from './session-course.js';
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
  it('counts idle from when the car first asked for no power after it had charged', () => {
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

  it('bills no idle while a car waits for its own departure, nor at all when it never charges', () => {
    const waits = { state: 'SUSPENDED_EV', from: at(0), to: at(30) };
    const charged = courseOf(
      aSession({
        statePeriods: [
          waits,
          { state: 'CHARGING', from: at(30), to: at(50) },
          { state: 'SUSPENDED_EV', from: at(50) },
        ],
      }),
    );
    expect(charged.fullToldAt).toEqual(at(50));
    const idle = (course: ReturnType<typeof courseOf>) =>
      periodsFromSession(course)
        .filter(({ kind }) => kind === 'IDLE')
        .map(({ start, end }) => [start, end]);
    expect(idle(charged)).toEqual([[at(50), at(60)]]);
    expect(idle(courseOf(aSession({ statePeriods: [{ ...waits, to: undefined }], energyMwh: 0 })))).toEqual(
      [],
    );
  });

  it('keeps the moment that was stored with an older bill', () => {
    const states = [{ state: 'SUSPENDED_EV' as const, from: at(0) }];
    const course = { ...courseOf(aSession({ statePeriods: states })), fullToldAt: at(0) };
    expect(revivedCourse(stored(course)).fullToldAt).toEqual(at(0));
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

  it('takes along the power that was measured, also once stored: restrictions hold by it, not by the energy', () => {
    const tariff = aTariff([
      element([component('ENERGY', '0.60', '0')], { min_power: 50 }),
      element([component('ENERGY', '0.40', '0')]),
    ]);
    const price = (powerW: number | undefined) => {
      const course = courseOf(
        aSession({ intervals: [{ from: at(0), to: at(60), energyMwh: 10_000_000, powerW }] }),
      );
      const periods = periodsFromSession(revivedCourse(stored(course)));
      return priceSession({ tariffs: [tariff], timeZone: 'UTC', periods }).total.excl.toFixed();
    };
    expect([price(undefined), price(49_999), price(50_000)]).toEqual(['4', '4', '6']);
  });
});
