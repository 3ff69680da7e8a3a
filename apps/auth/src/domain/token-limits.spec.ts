import { describe, expect, it } from 'vitest';
import {
  allowedEvses,
  checkedLimits,
  isAllowedTime,
  NO_LIMITS,
  type HoursWindow,
  type StationPlace,
} from './token-limits.js';

const place: StationPlace = {
  locationId: '0190aaaa-0000-7000-8000-000000000001',
  timeZone: 'Europe/Amsterdam',
  evses: [
    { number: 1, powerTypes: ['AC_3_PHASE'] },
    { number: 2, powerTypes: ['AC_3_PHASE', 'DC'] },
  ],
};
const during = (window: HoursWindow, at: string, where?: StationPlace) =>
  isAllowedTime({ ...NO_LIMITS, hours: [window] }, where, new Date(at));

describe('hours of a token', () => {
  const day: HoursWindow = { days: ['MONDAY'], from: '08:00', to: '18:00' };
  const night: HoursWindow = { days: ['MONDAY'], from: '22:00', to: '06:00' };
  const always: HoursWindow = { days: ['MONDAY'], from: '06:00', to: '06:00' };

  it.each([
    ['08:00 sharp', day, '2026-03-02T07:00:00Z', true],
    ['a minute before', day, '2026-03-02T06:59:59Z', false],
    ['18:00 sharp', day, '2026-03-02T17:00:00Z', false],
    ['summer time, an hour earlier in UTC', day, '2026-06-01T06:00:00Z', true],
    ['Monday night', night, '2026-03-02T21:00:00Z', true],
    ['the morning after it', night, '2026-03-03T04:59:00Z', true],
    ['the morning before it', night, '2026-03-02T04:59:00Z', false],
    ['the morning after it, 06:00 sharp', night, '2026-03-03T05:00:00Z', false],
    ['24 hours from 06:00', always, '2026-03-03T04:00:00Z', true],
    ['24 hours from 06:00, the day after', always, '2026-03-03T05:00:00Z', false],
  ])('%s', (_name, window, at, allowed) => {
    expect(during(window, at, place)).toBe(allowed);
  });

  it('go by UTC where nobody knows the place', () => {
    expect(during(day, '2026-03-02T08:00:00Z')).toBe(true);
    expect(during(day, '2026-03-02T07:00:00Z')).toBe(false);
  });
});

describe('kinds of EVSEs', () => {
  it('limit a token to the EVSEs that have one', () => {
    expect(allowedEvses({ ...NO_LIMITS, powerTypes: ['DC'] }, place)).toEqual([2]);
    expect(allowedEvses({ ...NO_LIMITS, powerTypes: ['AC_3_PHASE'] }, place)).toBeUndefined();
    expect(allowedEvses({ ...NO_LIMITS, powerTypes: ['DC'] }, undefined)).toEqual([]);
    expect(allowedEvses(NO_LIMITS, undefined)).toBeUndefined();
  });
});

describe('limits as an operator enters them', () => {
  it.each([
    ['a place that is no id', { locationIds: ['harbour'] }],
    ['a kind that is none', { powerTypes: ['FAST' as 'DC'] }],
    ['a time that is none', { hours: [{ days: ['MONDAY' as const], from: '8', to: '24:00' }] }],
    ['hours of no day', { hours: [{ days: [], from: '08:00', to: '09:00' }] }],
  ])('are refused for %s', (_name, limits) => {
    expect(() => checkedLimits({ ...NO_LIMITS, ...limits })).toThrow(/locationIds|powerTypes|hours/);
  });
});
