import { describe, expect, it } from 'vitest';
import { ChargingLimits } from './charging-limit.js';

const T0 = new Date('2026-01-05T12:00:00Z');
const later = (seconds: number) => new Date(T0.getTime() + seconds * 1_000);
const aProfile = (over: Record<string, unknown> = {}, schedule: Record<string, unknown> = {}) => ({
  id: 1,
  stackLevel: 0,
  chargingProfilePurpose: 'TxDefaultProfile',
  chargingProfileKind: 'Relative',
  chargingSchedule: [
    { chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 7_000 }], ...schedule },
  ],
  ...over,
});
const limits = (...profiles: [number, unknown][]) => {
  const made = new ChargingLimits();
  for (const [evse, profile] of profiles) expect(made.set(evse, profile)).toBe(true);
  return made;
};

describe('ChargingLimits', () => {
  it('is no limit without a profile', () => {
    expect(limits().limitW(1, T0, T0)).toBe(Infinity);
  });

  it('follows the periods of a relative schedule and ends with its duration', () => {
    const chargingSchedulePeriod = [
      { startPeriod: 0, limit: 7_000 },
      { startPeriod: 600, limit: 3_000 },
    ];
    const held = limits([1, aProfile({}, { chargingSchedulePeriod, duration: 1_200 })]);
    expect([0, 599, 600, 1_199, 1_200].map((s) => held.limitW(1, later(s), T0))).toEqual([
      7_000,
      7_000,
      3_000,
      3_000,
      Infinity,
    ]);
  });

  it('converts amperes by the phases used', () => {
    const period = (numberPhases?: number) => ({
      chargingRateUnit: 'A',
      chargingSchedulePeriod: [{ startPeriod: 0, limit: 10, numberPhases }],
    });
    expect(limits([1, aProfile({}, period())]).limitW(1, T0, T0)).toBe(6_900);
    expect(limits([1, aProfile({}, period(1))]).limitW(1, T0, T0)).toBe(2_300);
  });

  it('prefers the higher stack level, and the transaction profile over the default', () => {
    const low = aProfile();
    const high = aProfile({
      id: 2,
      stackLevel: 5,
      chargingSchedule: { chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 2_000 }] },
    });
    const transaction = aProfile(
      { id: 3, chargingProfilePurpose: 'TxProfile' },
      { chargingSchedulePeriod: [{ startPeriod: 0, limit: 9_000 }] },
    );
    expect(limits([0, low], [1, high]).limitW(1, T0, T0)).toBe(2_000);
    const held = limits([0, low], [1, high], [1, transaction]);
    expect(held.limitW(1, T0, T0)).toBe(9_000);
    held.endTransaction(1);
    expect(held.limitW(1, T0, T0)).toBe(2_000);
  });

  it('shares the station limit among those that charge', () => {
    const station = aProfile({
      chargingProfilePurpose: 'ChargingStationMaxProfile',
      chargingProfileKind: 'Absolute',
    });
    expect(limits([0, station]).limitW(1, T0, T0, 2)).toBe(3_500);
  });

  it('repeats a daily schedule', () => {
    const recurring = { chargingProfileKind: 'Recurring', recurrencyKind: 'Daily' };
    const held = limits([1, aProfile(recurring, { startSchedule: T0.toISOString(), duration: 3_600 })]);
    const hours = [0, 1, 24, 24.5, 25].map((hour) => held.limitW(1, later(hour * 3_600), T0));
    expect(hours).toEqual([7_000, Infinity, 7_000, 7_000, Infinity]);
  });

  it('refuses what is not a profile, and replaces a profile of the same id', () => {
    const held = limits([1, aProfile()]);
    expect(held.set(1, { stackLevel: 'x' })).toBe(false);
    held.set(1, aProfile({ stackLevel: 3 }));
    expect(held.held()).toHaveLength(1);
    expect(held.clear({ purpose: 'TxProfile' })).toBe(0);
    expect(held.clear({ evse: 1, stackLevel: 3 })).toBe(1);
  });
});
