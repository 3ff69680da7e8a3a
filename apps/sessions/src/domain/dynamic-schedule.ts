/**
 * Dynamic schedules of 2.1 stations (OCPP 2.1 part 2, use case K28): a profile with one period that begins at 0, whose limits are
 * told anew while it runs, by us (UpdateDynamicSchedule) or when the station asks (PullDynamicScheduleUpdate). `duration` is how
 * long a limit holds without news. We keep what holds now, so that a station that was away gets it when it asks.
 *
 * They stand beside the limits of load management, which are TxProfiles: a default for transactions gives way to those, a maximum
 * of the station is met with them at the smaller of both. So a person may set these two and no other purpose.
 */
import { invalid } from '@kilowatch/kernel';
import {
  child,
  children,
  int32,
  scheduleLimitsOf,
  text,
  type JsonObject,
  type ScheduleLimits,
} from '@kilowatch/ocpp';

export type { ScheduleLimits };

export interface DynamicSchedule {
  readonly profileId: number;
  /** 0: the whole station. */
  readonly evseNumber: number;
  /** ChargingProfilePurposeEnumType. */
  readonly purpose: string;
  readonly stackLevel: number;
  /** A (per phase) or W. */
  readonly unit: string;
  /** How often the station asks; null: never. */
  readonly intervalSeconds: number | null;
  /** How long limits hold without news; null: for good. */
  readonly durationSeconds: number | null;
  readonly limits: ScheduleLimits;
}

/** Which profiles of a station are meant; what is absent matches all. */
export interface ProfileCriteria {
  readonly profileId?: number | undefined;
  readonly evseNumber?: number | undefined;
  readonly purpose?: string | undefined;
  readonly stackLevel?: number | undefined;
}

/** What a command that the station accepted means for its dynamic schedules. */
export type ScheduleChange =
  | { readonly kind: 'set'; readonly schedule: DynamicSchedule }
  | { readonly kind: 'gone'; readonly criteria: ProfileCriteria }
  | { readonly kind: 'updated'; readonly profileId: number; readonly limits: ScheduleLimits };

/**
 * In the order in which they take effect. A profile takes the place of the one with its id, and of the one at its level. What is named by
 * numbers that we do not keep is none of ours.
 */
export function scheduleChanges(action: string, payload: JsonObject): ScheduleChange[] {
  if (action === 'UpdateDynamicSchedule') {
    const limits = scheduleLimitsOf(child(payload, 'scheduleUpdate') ?? {});
    const profileId = int32(payload, 'chargingProfileId');
    return profileId === null ? [] : [{ kind: 'updated', profileId, limits }];
  }
  if (action === 'ClearChargingProfile') {
    const criteria = clearedBy(payload);
    return criteria ? [{ kind: 'gone', criteria }] : [];
  }
  if (action !== 'SetChargingProfile') return [];
  const profile = child(payload, 'chargingProfile') ?? {};
  const schedule = scheduleOf(int32(payload, 'evseId'), profile);
  if (!schedule) return [];
  const { profileId, evseNumber, purpose, stackLevel } = schedule;
  const replaced: ScheduleChange[] = [
    { kind: 'gone', criteria: { profileId } },
    { kind: 'gone', criteria: { evseNumber, purpose, stackLevel } },
  ];
  return text(profile, 'chargingProfileKind') === 'Dynamic'
    ? [...replaced, { kind: 'set', schedule }]
    : replaced;
}

function scheduleOf(evseNumber: number | null, profile: JsonObject): DynamicSchedule | undefined {
  const [schedule = {}] = children(profile, 'chargingSchedule');
  const [period = {}] = children(schedule, 'chargingSchedulePeriod');
  const profileId = int32(profile, 'id');
  const stackLevel = int32(profile, 'stackLevel');
  if (evseNumber === null || profileId === null || stackLevel === null) return undefined;
  return {
    profileId,
    evseNumber,
    purpose: text(profile, 'chargingProfilePurpose') ?? '',
    stackLevel,
    unit: text(schedule, 'chargingRateUnit') ?? '',
    intervalSeconds: int32(profile, 'dynUpdateInterval') || null,
    durationSeconds: int32(schedule, 'duration') || null,
    limits: scheduleLimitsOf(period),
  };
}

/** K10: with an id the criteria are ignored. Without either all are meant. */
function clearedBy(payload: JsonObject): ProfileCriteria | undefined {
  if (payload['chargingProfileId'] !== undefined) {
    const profileId = int32(payload, 'chargingProfileId');
    return profileId === null ? undefined : { profileId };
  }
  const criteria = child(payload, 'chargingProfileCriteria') ?? {};
  const numbers = ['evseId', 'stackLevel'].filter((key) => criteria[key] !== undefined);
  if (numbers.some((key) => int32(criteria, key) === null)) return undefined;
  return {
    evseNumber: int32(criteria, 'evseId') ?? undefined,
    purpose: text(criteria, 'chargingProfilePurpose') ?? undefined,
    stackLevel: int32(criteria, 'stackLevel') ?? undefined,
  };
}

const LARGEST = 10_000_000;
const LONGEST_SECONDS = 7 * 86_400;

/** Throws INVALID `SESSIONS_DYNAMIC_*` when no station would take these. */
export function requireLimits(limits: ScheduleLimits): void {
  const told = Object.entries(limits).filter(([, value]) => typeof value === 'number');
  if (told.length === 0) throw invalid('SESSIONS_DYNAMIC_LIMITS', 'Name at least one limit or set point.');
  for (const [name, value] of told as [string, number][]) {
    if (!(Math.abs(value) <= LARGEST)) throw invalid('SESSIONS_DYNAMIC_LIMITS', `${name} is out of range.`);
    if (name.startsWith('limit') && value < 0)
      throw invalid('SESSIONS_DYNAMIC_LIMITS', `${name} is 0 or more.`);
    if (name.startsWith('discharge') && value > 0)
      throw invalid('SESSIONS_DYNAMIC_LIMITS', `${name} is 0 or less: discharging is negative.`);
  }
}

export function requireSchedule(schedule: DynamicSchedule): void {
  const { profileId, evseNumber, purpose, stackLevel, intervalSeconds, durationSeconds } = schedule;
  for (const number of [profileId, evseNumber, stackLevel])
    if (number < 0) throw invalid('SESSIONS_DYNAMIC_NUMBER', 'Ids, EVSEs and levels are 0 or more.');
  for (const seconds of [intervalSeconds, durationSeconds])
    if (seconds !== null && !(seconds >= 1 && seconds <= LONGEST_SECONDS))
      throw invalid('SESSIONS_DYNAMIC_TIME', `A time is 1 to ${LONGEST_SECONDS} seconds.`);
  if (purpose === 'ChargingStationMaxProfile' && evseNumber !== 0)
    throw invalid('SESSIONS_DYNAMIC_EVSE', 'A maximum of the station applies to the whole station: EVSE 0.');
  requireLimits(schedule.limits);
}
