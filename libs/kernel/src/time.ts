/**
 * Instants and local time. Business rules in local time (tariffs, quiet hours) go through IANA zones, so both
 * clock-change nights are right: in spring an hour does not exist, in autumn one happens twice.
 */
import { invalid } from './errors.js';

export interface Clock {
  now(): Date;
}

/**
 * A device's time further ahead of ours than this is not believed (OCPP.Core and SteVe take 5 minutes, steve#2091): what it tells happened
 * when we heard of it.
 */
export const AHEAD_TOLERANCE_MS = 5 * 60_000;

/** Nor is one before: clocks that were never set say 1970. */
export const EARLIEST_PLAUSIBLE = Date.UTC(2015, 0, 1);

export const WEEKDAYS = [
  'SUNDAY',
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
  'SATURDAY',
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export interface LocalTime {
  readonly year: number;
  /** 1..12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

export interface LocalParts extends LocalTime {
  readonly weekday: Weekday;
  /** `YYYY-MM-DD`, comparable as text. */
  readonly date: string;
  /** 0..1439, wall clock. */
  readonly minuteOfDay: number;
  /** Local minus UTC in minutes: +60 in Amsterdam's winter. */
  readonly offsetMinutes: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  try {
    const made = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(timeZone, made);
    return made;
  } catch {
    throw invalid('TIME_ZONE_UNKNOWN', 'This is not a known time zone.', { timeZone });
  }
}

export function isTimeZone(timeZone: string): boolean {
  try {
    formatterOf(timeZone);
    return true;
  } catch {
    return false;
  }
}

/** Wall clock of an instant in an IANA zone. Throws INVALID for an unknown zone. */
export function localParts(instant: Date, timeZone: string): LocalParts {
  const offsetMinutes = offsetAt(instant.getTime(), timeZone);
  // The wall clock, read as if it were UTC.
  const wall = new Date(instant.getTime() + offsetMinutes * 60_000);
  const [year, month, day] = [wall.getUTCFullYear(), wall.getUTCMonth() + 1, wall.getUTCDate()];
  const [hour, minute] = [wall.getUTCHours(), wall.getUTCMinutes()];
  return {
    year,
    month,
    day,
    hour,
    minute,
    second: wall.getUTCSeconds(),
    weekday: WEEKDAYS[wall.getUTCDay()]!,
    date: `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`,
    minuteOfDay: hour * 60 + minute,
    offsetMinutes,
  };
}

/** Zones change their offset on whole quarters of an hour (UTC), so one answer serves a quarter. */
const QUARTER_MS = 900_000;
const MOST_OFFSETS = 4_096;
const offsets = new Map<string, number>();

/** Asking Intl costs twenty times more than the rest of a local time: what it said is remembered, within bounds. */
function offsetAt(ms: number, timeZone: string): number {
  const quarter = Math.floor(ms / QUARTER_MS);
  const key = `${quarter}|${timeZone}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const found: Record<string, number> = {};
  for (const part of formatterOf(timeZone).formatToParts(new Date(quarter * QUARTER_MS))) {
    if (part.type !== 'literal') found[part.type] = Number(part.value);
  }
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = found;
  const offset = (utcMillis({ year, month, day, hour, minute, second }) - quarter * QUARTER_MS) / 60_000;
  if (offsets.size >= MOST_OFFSETS) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

/**
 * Instant of a wall clock time in a zone. A time that happens twice is the `earlier` one unless asked otherwise;
 * one that does not exist (spring) is moved forward by the length of the gap: 02:30 becomes 03:30.
 */
export function zonedToInstant(
  local: LocalTime,
  timeZone: string,
  which: 'earlier' | 'later' = 'earlier',
): Date {
  const wanted = utcMillis(local);
  const dayBefore = localParts(new Date(wanted - 86_400_000), timeZone).offsetMinutes;
  const dayAfter = localParts(new Date(wanted + 86_400_000), timeZone).offsetMinutes;
  const candidates = [wanted - dayBefore * 60_000, wanted - dayAfter * 60_000].sort((a, b) => a - b);
  const real = candidates.filter(
    (ms) => ms + localParts(new Date(ms), timeZone).offsetMinutes * 60_000 === wanted,
  );
  if (real.length === 0) return new Date(wanted - dayBefore * 60_000);
  return new Date(which === 'earlier' ? real[0]! : real[real.length - 1]!);
}

/** Instant at which the next local day begins (23, 24 or 25 hours after the last, mostly). */
export function nextLocalMidnight(instant: Date, timeZone: string): Date {
  const { year, month, day } = localParts(instant, timeZone);
  return zonedToInstant({ year, month, day: day + 1, hour: 0, minute: 0, second: 0 }, timeZone);
}

/** Instants in (from, to] at which the zone's offset changes; both clock-change nights. */
export function offsetChanges(from: Date, to: Date, timeZone: string): Date[] {
  const changes: Date[] = [];
  const step = 6 * 3_600_000;
  for (let left = from.getTime(); left < to.getTime(); left += step) {
    let low = left;
    let high = Math.min(left + step, to.getTime());
    const before = offsetAt(low, timeZone);
    if (offsetAt(high, timeZone) === before) continue;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (offsetAt(middle, timeZone) === before) low = middle;
      else high = middle;
    }
    changes.push(new Date(high));
  }
  return changes;
}

const LENIENT =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)? ?(Z|[+-]\d{2}(?::?\d{2})?)?$/i;

/** As nearly all write it: read without taking the text apart, at a sixth of the cost. */
const CANONICAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/;

/**
 * Time text as chargers and partners write it: `Z`, an offset, or nothing (read as UTC, OCPP and OCPI practice),
 * any number of decimals, blank for `T`. Undefined when it is no time at all.
 */
export function parseLenientInstant(text: string): Date | undefined {
  if (CANONICAL.test(text)) {
    const instant = new Date(text);
    // Of 30 February and of 24 o'clock it makes the day after; of a leap second, nothing.
    if (instant.getUTCDate() === Number(text.slice(8, 10))) return instant;
  }
  const match = LENIENT.exec(text.trim());
  if (!match) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
  const local = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Math.min(Number(second), 59),
  };
  if (Number(second) > 60 || local.minute > 59 || local.hour > 23) return undefined;
  const base = utcMillis(local);
  if (new Date(base).getUTCDate() !== local.day || new Date(base).getUTCMonth() !== local.month - 1)
    return undefined;
  return new Date(base + Number(fraction.padEnd(3, '0').slice(0, 3)) - offsetMillis(zone));
}

function offsetMillis(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000;
}

/** `setUTCFullYear` because Date.UTC reads years 0..99 as 1900..1999. */
function utcMillis(local: LocalTime): number {
  const date = new Date(0);
  date.setUTCFullYear(local.year, local.month - 1, local.day);
  date.setUTCHours(local.hour, local.minute, local.second, 0);
  return date.getTime();
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, '0');
}
