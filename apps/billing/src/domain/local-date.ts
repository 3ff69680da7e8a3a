/** Days of a calendar on the wall of some time zone, as `2026-03-31`: comparable as text. A day is a day, also where a clock is changed. */
import { localParts, zonedToInstant } from '@kilowatch/kernel';

export type LocalDate = string;

const DAY_MS = 86_400_000;

export function dateOf(instant: Date, timeZone: string): LocalDate {
  return localParts(instant, timeZone).date;
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Whole days from one to the other; negative when the second is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);
}

/** When the clocks there show that hour of the day. */
export function instantOfDate(date: LocalDate, hour: number, timeZone: string): Date {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  return zonedToInstant({ year, month, day, hour, minute: 0, second: 0 }, timeZone);
}
