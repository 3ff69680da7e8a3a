/** Where, on what and when a token may charge (OCPP 2.0.1 C01.FR.18 to FR.24). An empty list or none at all limits nothing. */
import { invalid, isUuid, localParts, WEEKDAYS, type Weekday } from '@kilowatch/kernel';

export const POWER_TYPES = ['AC_1_PHASE', 'AC_3_PHASE', 'DC'] as const;
export type PowerType = (typeof POWER_TYPES)[number];

export interface HoursWindow {
  readonly days: readonly Weekday[];
  /** `HH:MM` by the clock of the place. `from` after `to`: over midnight, on the days it begins. Equal: the whole day. */
  readonly from: string;
  readonly to: string;
}

export interface TokenLimits {
  readonly locationIds: readonly string[];
  readonly powerTypes: readonly PowerType[];
  readonly hours: readonly HoursWindow[];
}

export const NO_LIMITS: TokenLimits = { locationIds: [], powerTypes: [], hours: [] };

/** What auth knows of the station; undefined before sessions told of it. */
export interface StationPlace {
  readonly locationId: string;
  /** IANA; empty when not known. */
  readonly timeZone: string;
  readonly evses: readonly { readonly number: number; readonly powerTypes: readonly string[] }[];
}

export function isAllowedLocation(limits: TokenLimits, place: StationPlace | undefined): boolean {
  return (
    limits.locationIds.length === 0 || (place !== undefined && limits.locationIds.includes(place.locationId))
  );
}

/**
 * Numbers of the EVSEs that the token may use; undefined: all of them. A station that nobody has described yet has no EVSE
 * that a limited token could be told of.
 */
export function allowedEvses(
  limits: TokenLimits,
  place: StationPlace | undefined,
): readonly number[] | undefined {
  if (limits.powerTypes.length === 0) return undefined;
  const evses = place?.evses ?? [];
  const allowed = evses.filter(({ powerTypes }) =>
    powerTypes.some((type) => (limits.powerTypes as readonly string[]).includes(type)),
  );
  return allowed.length === evses.length && evses.length > 0
    ? undefined
    : allowed.map(({ number }) => number);
}

export function isAllowedTime(limits: TokenLimits, place: StationPlace | undefined, at: Date): boolean {
  if (limits.hours.length === 0) return true;
  const { weekday, minuteOfDay: now } = localParts(at, place?.timeZone || 'UTC');
  const today = WEEKDAYS.indexOf(weekday);
  const yesterday = WEEKDAYS[(today + 6) % 7]!;
  return limits.hours.some(({ days, from, to }) => {
    const begin = minutesOf(from);
    const end = minutesOf(to);
    if (begin < end) return days.includes(weekday) && now >= begin && now < end;
    return (days.includes(weekday) && now >= begin) || (days.includes(yesterday) && now < end);
  });
}

const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const MOST_LOCATIONS = 1000;
const MOST_WINDOWS = 50;

/** As an operator enters them. Throws INVALID. */
export function checkedLimits(limits: TokenLimits): TokenLimits {
  const { locationIds, powerTypes, hours } = limits;
  if (locationIds.length > MOST_LOCATIONS || !locationIds.every((id) => isUuid(id)))
    throw invalid('AUTH_TOKEN_LIMITS', `locationIds holds at most ${MOST_LOCATIONS} ids of locations.`);
  if (!powerTypes.every((type) => POWER_TYPES.includes(type)))
    throw invalid('AUTH_TOKEN_LIMITS', `powerTypes are of ${POWER_TYPES.join(', ')}.`);
  if (hours.length > MOST_WINDOWS || !hours.every(isWindow))
    throw invalid('AUTH_TOKEN_LIMITS', 'hours have days (MONDAY ...), and from and to as HH:MM.');
  return limits;
}

function isWindow({ days, from, to }: HoursWindow): boolean {
  return days.length > 0 && days.every((day) => WEEKDAYS.includes(day)) && TIME.test(from) && TIME.test(to);
}

function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return hours! * 60 + minutes!;
}
