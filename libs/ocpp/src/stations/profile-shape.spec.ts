import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProfileRequest } from '../model/command.js';
import { commandCall } from '../model/mapping.js';
import { TypedOcppSchemas } from '../schemas/typed-ocpp-schemas.js';
import { OCPP_VERSIONS } from '../version.js';
import { findStationModel } from './find-station-model.js';
import { compositeQuestion, scheduleAllowsMore, shapedProfile } from './profile-shape.js';
import { UNKNOWN_MODEL, type ProfileAbility } from './station-model.js';

const NOW = new Date('2026-11-21T02:00:00.000Z');
const able = (parts: Partial<ProfileAbility>): ProfileAbility => ({ ...UNKNOWN_MODEL.profiles, ...parts });
const profile = (parts: Partial<ProfileRequest> = {}): ProfileRequest => ({
  profileId: 5,
  stackLevel: 1,
  purpose: 'TX_PROFILE',
  transactionRef: '7',
  periods: [{ startSeconds: 0, limit: { unit: 'A', tenths: 163 } }],
  durationSeconds: 900,
  ...parts,
});
const shaped = (parts: Partial<ProfileAbility>, request = profile(), evse = 1) =>
  shapedProfile(request, evse, able(parts), NOW);

describe('a charging profile in the form of a model', () => {
  it('Q50: stays as it is for a model of which nothing is known', () => {
    const request = profile();
    expect(shapedProfile(request, 0, UNKNOWN_MODEL.profiles, NOW)).toEqual({ ...request, startAt: null });
  });

  it.each([
    ['ABB', 'CDT_TACW11::NET_WIFI', 3, 0],
    ['go-e', 'go-eCharger_V4', 0, 1],
    ['go-e', 'go-eCharger_V4', 2, 2],
  ])('Q50: %s %s gets stack level %d as %d', (vendor, model, asked, sent) => {
    const { profiles } = findStationModel(vendor, model);
    expect(shapedProfile(profile({ stackLevel: asked }), 1, profiles, NOW).stackLevel).toBe(sent);
  });

  it('Q50: amperes become watts of all phases, and watts amperes, for a model that knows one unit', () => {
    const watts = shaped({ units: ['W'] }, profile({ numberPhases: 3 }));
    expect(watts.periods).toEqual([{ startSeconds: 0, limit: { unit: 'W', tenths: 163 * 230 * 3 } }]);
    const one = shaped({ units: ['W'] }, profile({ numberPhases: 1 }));
    expect(one.periods[0]?.limit).toEqual({ unit: 'W', tenths: 163 * 230 });
    const asked = profile({ periods: [{ startSeconds: 0, limit: { unit: 'W', tenths: 110_000 } }] });
    expect(shaped({ units: ['A'] }, asked).periods[0]?.limit).toEqual({ unit: 'A', tenths: 159 });
  });

  it('Q50: a model without decimals gets whole amperes, rounded down', () => {
    expect(shaped({ decimals: 0 }).periods[0]?.limit.tenths).toBe(160);
  });

  it('Q50: a schedule that shall count now begins in the past and still ends when it should', () => {
    const absolute = profile({
      startAt: NOW,
      periods: [
        { startSeconds: 0, limit: { unit: 'A', tenths: 60 } },
        { startSeconds: 300, limit: { unit: 'A', tenths: 160 } },
      ],
    });
    const sent = shaped({ startsAgoSeconds: 60 }, absolute);
    expect(sent.startAt).toEqual(new Date(NOW.getTime() - 60_000));
    expect(sent.durationSeconds).toBe(960);
    expect(sent.periods.map((period) => period.startSeconds)).toEqual([0, 360]);
    const planned = profile({ startAt: new Date(NOW.getTime() + 3_600_000) });
    expect(shaped({ startsAgoSeconds: 60 }, planned)).toEqual(planned);
  });

  it('Q50: a model that knows absolute schedules only gets one from now', () => {
    expect(shaped({ kinds: ['Absolute'], startsAgoSeconds: 10 })).toMatchObject({
      startAt: new Date(NOW.getTime() - 10_000),
      durationSeconds: 910,
    });
  });

  it('Q50: a model that knows relative ones only gets a limit until the next, or is not told at all', () => {
    const { profiles } = findStationModel('Wall Box Chargers', 'PLP1');
    const sent = shapedProfile(profile({ startAt: NOW }), 1, profiles, NOW);
    expect(sent).toMatchObject({ startAt: null, durationSeconds: null });
    const maximum = profile({ purpose: 'STATION_MAX_PROFILE', transactionRef: null, startAt: NOW });
    expect(() => shapedProfile(maximum, 0, profiles, NOW)).toThrow(
      expect.objectContaining({ code: 'OCPP_MODEL_RELATIVE_ONLY' }),
    );
  });

  it.each<[string, Partial<ProfileAbility>, ProfileRequest, number]>([
    ['OCPP_MODEL_STATION_WIDE', { stationWide: false }, profile({ purpose: 'TX_DEFAULT_PROFILE' }), 0],
    [
      'OCPP_MODEL_ZERO',
      { zeroPauses: false },
      profile({ periods: [{ startSeconds: 0, limit: { unit: 'A', tenths: 0 } }] }),
      1,
    ],
  ])('Q50: what a model would ignore is refused with %s', (code, ability, request, evse) => {
    expect(() => shaped(ability, request, evse)).toThrow(expect.objectContaining({ kind: 'INVALID', code }));
  });

  it('Q50: never allows more than was asked for, and is valid in every version', () => {
    const schemas = new TypedOcppSchemas();
    const ability = fc.record({
      lowestStackLevel: fc.nat({ max: 2 }),
      highestStackLevel: fc.nat({ max: 9 }),
      units: fc.constantFrom<readonly ('A' | 'W')[]>(['A'], ['W'], ['A', 'W'], ['W', 'A']),
      decimals: fc.constantFrom(0 as const, 1 as const),
      startsAgoSeconds: fc.nat({ max: 120 }),
    });
    fc.assert(
      fc.property(ability, fc.nat({ max: 4_000 }), fc.constantFrom('A', 'W'), (parts, tenths, unit) => {
        const asked = profile({ startAt: NOW, periods: [{ startSeconds: 0, limit: { unit, tenths } }] });
        const sent = shaped(parts, asked);
        const limit = sent.periods[0]!.limit;
        const watts = (given: typeof limit) => given.tenths * (given.unit === 'A' ? 690 : 1);
        expect(watts(limit)).toBeLessThanOrEqual(watts({ unit, tenths }));
        for (const version of OCPP_VERSIONS) {
          const command = { type: 'setChargingProfile', evseNumber: 1, profile: sent } as const;
          const { action, payload } = commandCall(version, command);
          expect(schemas.validateOutbound(version, action, 'request', payload)).toEqual({ ok: true });
        }
      }),
    );
  });
});

describe('the composite schedule afterwards', () => {
  const limit = { unit: 'A', tenths: 100 } as const;
  const schedule = (value: number | undefined, unit = 'A') => ({
    status: 'Accepted',
    chargingSchedule: {
      chargingRateUnit: unit,
      chargingSchedulePeriod: value === undefined ? [] : [{ startPeriod: 0, limit: value }],
    },
  });

  it.each([
    [schedule(10), false],
    [schedule(6), false],
    [schedule(16), true],
    [schedule(undefined), null],
    [schedule(16, 'W'), null],
    [{ status: 'Rejected' }, null],
    [{ status: 'Accepted', schedule: schedule(32).chargingSchedule }, true],
  ])('Q50: %j allows more than 10 A: %s', (response, more) => {
    expect(scheduleAllowsMore(limit, response)).toBe(more);
  });

  it.each(OCPP_VERSIONS)('Q50: is asked for in the words of %s', (version) => {
    const { action, payload } = compositeQuestion(version, 1, 'A');
    expect(new TypedOcppSchemas().validateOutbound(version, action, 'request', payload)).toEqual({
      ok: true,
    });
  });
});
