/**
 * Tariff restrictions, OCPI 2.2.1 mod_tariffs 11.4.6 (docs/ocpi-notes.md P2, P3): all must hold, local time is the
 * location's, start inclusive, end exclusive. They are evaluated as the session runs, so a session is cut where one may
 * change.
 */
import {
  type LocalParts,
  type LocalTime,
  localParts,
  offsetChanges,
  zonedToInstant,
} from '@kilowatch/kernel';
import type { Restrictions, Tariff } from './tariff.js';

/** Lowest and highest value within a stretch of time; equal when it is one mean value. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** What restrictions look at, at the start of a stretch in which none of it crosses a limit. */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** Null when the tariff has no restriction on local time. */
  readonly local: LocalParts | null;
  readonly energyMwh: number;
  readonly sinceStartMs: number;
  readonly powerW: Range;
  /** Sum of the phases. */
  readonly currentMa: Range;
}

/** Whether all restrictions but `reservation` hold. */
export function restrictionsHold(r: Restrictions, moment: Moment): boolean {
  return (
    r.never !== true &&
    within(moment.atMs, r.fromMs, r.untilMs) &&
    within(moment.energyMwh, r.minMwh, r.maxMwh) &&
    within(moment.sinceStartMs, r.minDurationMs, r.maxDurationMs) &&
    rangeWithin(moment.powerW, r.minPowerW, r.maxPowerW) &&
    rangeWithin(moment.currentMa, r.minCurrentMa, r.maxCurrentMa) &&
    (moment.local === null || localTimeHolds(r, moment.local))
  );
}

function within(value: number, min: number | undefined, max: number | undefined): boolean {
  return (min === undefined || value >= min) && (max === undefined || value < max);
}

function rangeWithin(value: Range, min: number | undefined, max: number | undefined): boolean {
  return (min === undefined || value.min >= min) && (max === undefined || value.max < max);
}

function localTimeHolds(r: Restrictions, local: LocalParts): boolean {
  if (r.startDate !== undefined && local.date < r.startDate) return false;
  if (r.endDate !== undefined && local.date >= r.endDate) return false;
  if (r.daysOfWeek !== undefined && !r.daysOfWeek.includes(local.weekday)) return false;
  const start = r.startMinute ?? 0;
  const end = r.endMinute ?? 1440;
  const { minuteOfDay: now } = local;
  return start < end ? now >= start && now < end : now >= start || now < end;
}

/**
 * Instants strictly between `from` and `to` at which a local-time restriction may begin or end to hold: every
 * boundary on every day (both times when the clock shows it twice), midnights, and clock changes. Milliseconds.
 */
export function localTimeCuts(tariff: Tariff, from: Date, to: Date, timeZone: string): number[] {
  const minutes = new Set([0]);
  for (const { restrictions } of tariff.elements) {
    if (restrictions.startMinute !== undefined) minutes.add(restrictions.startMinute);
    if (restrictions.endMinute !== undefined) minutes.add(restrictions.endMinute % 1440);
  }
  const changes = offsetChanges(from, to, timeZone);
  const cuts = new Set(changes.map((change) => change.getTime()));
  const first = localParts(from, timeZone);
  // With one offset all along, what lies in between is found without asking the zone for each time.
  const instantsOf = (local: LocalTime): number[] =>
    changes.length === 0
      ? [wallMs(local) - first.offsetMinutes * 60_000]
      : (['earlier', 'later'] as const).map((which) => zonedToInstant(local, timeZone, which).getTime());
  const days = Math.ceil((to.getTime() - from.getTime()) / 86_400_000) + 1;
  for (let day = 0; day <= days; day += 1) {
    for (const minute of minutes) {
      const local = {
        ...first,
        day: first.day + day,
        hour: Math.floor(minute / 60),
        minute: minute % 60,
        second: 0,
      };
      for (const cut of instantsOf(local)) cuts.add(cut);
    }
  }
  for (const { restrictions: r } of tariff.elements) {
    for (const instant of [r.fromMs, r.untilMs]) if (instant !== undefined) cuts.add(instant);
  }
  return [...cuts].filter((cut) => cut > from.getTime() && cut < to.getTime()).sort((a, b) => a - b);
}

/** The clock on the wall read as UTC; a day beyond its month counts on. */
function wallMs({ year, month, day, hour, minute }: LocalTime): number {
  return Date.UTC(year, month - 1, day, hour, minute);
}
