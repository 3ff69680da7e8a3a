import { mwh } from '@kilowatch/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChargingState, type SessionCourse, periodsFromSession } from './periods-from-session.js';
import { energyOf } from './pricing.builders.js';

const at = (time: string) => new Date(`2026-01-15T${time}:00Z`);
const state = (name: ChargingState, from: string, to?: string) => ({
  state: name,
  from: at(from),
  to: to ? at(to) : undefined,
});
const interval = (from: string, to: string, kwh: number) => ({
  from: at(from),
  to: at(to),
  energyMwh: mwh(kwh * 1_000_000),
});
const aCourse = (parts: Partial<SessionCourse>): SessionCourse => ({
  start: at('09:00'),
  end: at('12:00'),
  states: [],
  intervals: [],
  idleGraceMinutes: 0,
  ...parts,
});
const shown = (course: SessionCourse) =>
  periodsFromSession(course).map((p) => [
    p.kind,
    p.start.toISOString().slice(11, 16),
    p.end.toISOString().slice(11, 16),
    p.energyMwh / 1e6,
  ]);

describe('periodsFromSession', () => {
  it('counts time without a state as charging', () => {
    expect(shown(aCourse({ intervals: [interval('09:00', '12:00', 30)] }))).toEqual([
      ['CHARGING', '09:00', '12:00', 30],
    ]);
  });

  it('calls it held, not idle, while the station holds back or the car is not yet served', () => {
    const states = [
      state('EV_CONNECTED', '09:00', '09:10'),
      state('CHARGING', '09:10', '10:00'),
      state('SUSPENDED_EVSE', '10:00', '12:00'),
    ];
    expect(shown(aCourse({ states, fullToldAt: at('09:00') })).map((p) => p.slice(0, 2))).toEqual([
      ['HELD', '09:00'],
      ['CHARGING', '09:10'],
      ['HELD', '10:00'],
    ]);
  });

  it('bills idle only from the end of the grace after the driver was told', () => {
    const states = [state('CHARGING', '09:00', '10:00'), state('SUSPENDED_EV', '10:00')];
    expect(shown(aCourse({ states, fullToldAt: at('10:05'), idleGraceMinutes: 15 }))).toEqual([
      ['CHARGING', '09:00', '10:00', 0],
      ['GRACE', '10:00', '10:20', 0],
      ['IDLE', '10:20', '12:00', 0],
    ]);
  });

  it('never bills idle when nobody was told', () => {
    const states = [state('SUSPENDED_EV', '09:00')];
    expect(shown(aCourse({ states }))).toEqual([['GRACE', '09:00', '12:00', 0]]);
  });

  it('gives no second grace after a short top-up', () => {
    const states = [
      state('SUSPENDED_EV', '09:00', '10:00'),
      state('CHARGING', '10:00', '10:10'),
      state('SUSPENDED_EV', '10:10'),
    ];
    expect(
      shown(aCourse({ states, fullToldAt: at('09:00'), idleGraceMinutes: 30 })).map((p) => p[0]),
    ).toEqual(['GRACE', 'IDLE', 'CHARGING', 'IDLE']);
  });

  it('does not bill an EVSE without a car', () => {
    expect(shown(aCourse({ states: [state('IDLE', '09:00')], fullToldAt: at('09:00') }))[0]![0]).toBe(
      'GRACE',
    );
  });

  it('splits an interval at a change of state and says so', () => {
    const states = [state('CHARGING', '09:00', '10:00'), state('SUSPENDED_EVSE', '10:00')];
    const periods = periodsFromSession(aCourse({ states, intervals: [interval('09:00', '12:00', 9)] }));
    expect(periods.map((p) => [p.energyMwh, p.interpolatedStart, p.interpolatedEnd])).toEqual([
      [3_000_000, false, true],
      [6_000_000, true, false],
    ]);
  });

  it('keeps energy that was metered outside the session', () => {
    const intervals = [
      interval('08:00', '08:30', 1),
      interval('08:50', '09:30', 2),
      interval('11:50', '12:30', 4),
      interval('12:30', '13:00', 8),
    ];
    expect(energyOf(periodsFromSession(aCourse({ intervals })))).toBe(15_000_000);
  });

  it('keeps the energy of a session without length', () => {
    const periods = periodsFromSession(
      aCourse({ end: at('09:00'), intervals: [interval('09:00', '09:10', 2)] }),
    );
    expect(periods).toHaveLength(1);
    expect(energyOf(periods)).toBe(2_000_000);
  });

  it('puts a reservation first and ends it where the session starts', () => {
    const periods = shown(aCourse({ reservation: { from: at('08:30'), to: at('09:10') } }));
    expect(periods[0]).toEqual(['RESERVED', '08:30', '09:00', 0]);
    expect(shown(aCourse({ reservation: { from: at('09:00'), to: at('09:10') } }))[0]![0]).toBe('CHARGING');
  });

  it('refuses a session that ends before it starts, and intervals that overlap or run backwards', () => {
    expect(() => periodsFromSession(aCourse({ end: at('08:00') }))).toThrow('BILLING_SESSION_INVALID');
    for (const intervals of [
      [interval('09:00', '10:00', 1), interval('09:30', '11:00', 1)],
      [interval('10:00', '09:00', 1)],
      [interval('09:00', '10:00', -1)],
    ]) {
      expect(() => periodsFromSession(aCourse({ intervals }))).toThrow('BILLING_INTERVALS_INVALID');
    }
  });

  it('loses and invents neither energy nor time, whatever the course', () => {
    const minute = fc.integer({ min: -60, max: 300 });
    const when = (m: number) => new Date(at('09:00').getTime() + m * 60_000);
    const states = fc.array(
      fc.tuple(minute, fc.constantFrom('CHARGING', 'SUSPENDED_EV', 'SUSPENDED_EVSE', 'EV_CONNECTED', 'IDLE')),
    );
    const intervals = fc.array(
      fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 60 }), fc.nat({ max: 9_999_999 })),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(
        states,
        intervals,
        fc.option(minute),
        fc.nat({ max: 60 }),
        fc.nat({ max: 180 }),
        (moves, metered, told, grace, length) => {
          const ordered = [...moves].sort((a, b) => a[0] - b[0]);
          let cursor = -50;
          const course = aCourse({
            end: when(length),
            states: ordered.map(([from, name], i) => ({
              state: name as ChargingState,
              from: when(from),
              to: ordered[i + 1] ? when(ordered[i + 1]![0]) : undefined,
            })),
            intervals: metered.map(([gap, span, energy]) => {
              const from = cursor + gap;
              cursor = from + span;
              return { from: when(from), to: when(cursor), energyMwh: mwh(energy) };
            }),
            fullToldAt: told === null ? undefined : when(told),
            idleGraceMinutes: grace,
          });
          const periods = periodsFromSession(course);
          expect(energyOf(periods)).toBe(course.intervals.reduce((sum, i) => sum + i.energyMwh, 0));
          expect(periods[0]!.start).toEqual(course.start);
          expect(periods[periods.length - 1]!.end).toEqual(course.end);
          periods.slice(1).forEach((p, i) => expect(p.start).toEqual(periods[i]!.end));
          expect(periods.every((p) => p.energyMwh >= 0)).toBe(true);
          const idle = periods.filter((p) => p.kind === 'IDLE');
          expect(idle.every((p) => told !== null && p.start >= when(told + grace))).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives each period the power and current that were measured in its interval, and none where none was', () => {
    const course = aCourse({
      states: [state('CHARGING', '09:00', '09:30'), state('SUSPENDED_EVSE', '09:30', '12:00')],
      intervals: [
        { ...interval('09:00', '10:00', 10), powerW: 11_000, currentMa: 48_000 },
        interval('10:00', '11:00', 5),
      ],
    });
    const same = (value: number) => ({ min: value, max: value });
    expect(periodsFromSession(course).map(({ powerW, currentMa }) => [powerW, currentMa])).toEqual([
      [same(11_000), same(48_000)],
      [same(11_000), same(48_000)],
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });
});
