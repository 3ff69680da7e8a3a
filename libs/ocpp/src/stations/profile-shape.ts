// Q50: a charging profile in the form that the station's model obeys. Never more than was asked for: limits are rounded
// down, and what cannot be said to a model is refused instead of being sent and ignored.

import { invalid } from '@kilowatch/kernel';
import { children, child, type JsonObject } from '../json.js';
import type { ChargingLimit, CommandCall, ProfileRequest } from '../model/command.js';
import { limitNumber } from '../model/profile-rules.js';
import type { OcppVersion } from '../version.js';
import type { ProfileAbility } from './station-model.js';

const AC_PHASES = 3;

/** `evseNumber` null: not said. Throws INVALID `OCPP_MODEL_*` for what the model cannot be told. */
export function shapedProfile(
  profile: ProfileRequest,
  evseNumber: number | null,
  ability: ProfileAbility,
  now: Date,
): ProfileRequest {
  if (evseNumber === 0 && !ability.stationWide)
    throw invalid('OCPP_MODEL_STATION_WIDE', 'This model takes profiles for single connectors only.');
  const phases = profile.numberPhases ?? AC_PHASES;
  const { startAt, durationSeconds, earlierBySeconds } = schedule(profile, ability, now);
  const highest = Math.max(ability.lowestStackLevel, ability.highestStackLevel);
  return {
    ...profile,
    startAt,
    durationSeconds,
    stackLevel: Math.min(highest, Math.max(ability.lowestStackLevel, profile.stackLevel)),
    periods: profile.periods.map(({ startSeconds, limit }) => ({
      startSeconds: startSeconds === 0 ? 0 : startSeconds + earlierBySeconds,
      limit: shapedLimit(limit, ability, phases),
    })),
  };
}

function shapedLimit(limit: ChargingLimit, ability: ProfileAbility, phases: number): ChargingLimit {
  if (limit.tenths === 0 && !ability.zeroPauses)
    throw invalid('OCPP_MODEL_ZERO', 'This model ignores a limit of 0.');
  const converted = inUnit(limit, ability, phases);
  if (ability.decimals === 1) return converted;
  return { ...converted, tenths: Math.floor(converted.tenths / 10) * 10 };
}

function inUnit(limit: ChargingLimit, { units, volts }: ProfileAbility, phases: number): ChargingLimit {
  const [unit = limit.unit] = units;
  if (units.includes(limit.unit) || unit === limit.unit) return limit;
  const tenths = unit === 'W' ? limit.tenths * volts * phases : Math.floor(limit.tenths / (volts * phases));
  return { unit, tenths };
}

interface Schedule {
  readonly startAt: Date | null;
  readonly durationSeconds: number | null;
  readonly earlierBySeconds: number;
}

function schedule(profile: ProfileRequest, ability: ProfileAbility, now: Date): Schedule {
  const startAt = profile.startAt ?? null;
  const durationSeconds = profile.durationSeconds ?? null;
  if (startAt && !ability.kinds.includes('Absolute')) {
    // Relative counts from the transaction's start, which was earlier: a duration or a second period would come too soon.
    if (profile.purpose !== 'TX_PROFILE' || profile.periods.length > 1)
      throw invalid('OCPP_MODEL_RELATIVE_ONLY', 'This model takes relative schedules only.');
    return { startAt: null, durationSeconds: null, earlierBySeconds: 0 };
  }
  const from = startAt ?? (ability.kinds.includes('Relative') ? null : now);
  const earliest = new Date(now.getTime() - ability.startsAgoSeconds * 1000);
  // One that begins later is a plan and stays as it is.
  if (from === null || from.getTime() > now.getTime() || from.getTime() <= earliest.getTime())
    return { startAt: from, durationSeconds, earlierBySeconds: 0 };
  const earlierBySeconds = Math.ceil((from.getTime() - earliest.getTime()) / 1000);
  return {
    startAt: earliest,
    durationSeconds: durationSeconds && durationSeconds + earlierBySeconds,
    earlierBySeconds,
  };
}

/** The question whose answer `scheduleAllowsMore` reads. */
export function compositeQuestion(
  version: OcppVersion,
  evseNumber: number,
  unit: ChargingLimit['unit'],
): CommandCall {
  const place = version === '1.6' ? { connectorId: evseNumber } : { evseId: evseNumber };
  return { action: 'GetCompositeSchedule', payload: { ...place, duration: 60, chargingRateUnit: unit } };
}

/**
 * Does the station's composite schedule allow more than it was just told? `null` when its answer says nothing: an empty
 * schedule, another unit, no schedule at all.
 */
export function scheduleAllowsMore(limit: ChargingLimit, response: JsonObject): boolean | null {
  const schedule = child(response, 'chargingSchedule') ?? child(response, 'schedule');
  if (!schedule || schedule['chargingRateUnit'] !== limit.unit) return null;
  const first = children(schedule, 'chargingSchedulePeriod')[0]?.['limit'];
  return typeof first === 'number' ? first > limitNumber(limit) : null;
}
