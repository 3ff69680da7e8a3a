/** Months of a calendar on the wall of some time zone, as `2026-03`: comparable as text. */
import { invalid, localParts, zonedToInstant } from '@kilowatch/kernel';

export type CalendarMonth = string;

const MONTH = /^(\d{4})-(0[1-9]|1[0-2])$/;

export function monthOf(instant: Date, timeZone: string): CalendarMonth {
  return localParts(instant, timeZone).date.slice(0, 7);
}

/** Throws INVALID for what is no month. */
export function addToMonth(month: CalendarMonth, months: number): CalendarMonth {
  const { year, month: number } = partsOf(month);
  const index = year * 12 + number - 1 + months;
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
}

/** When it begins. */
export function instantOfMonth(month: CalendarMonth, timeZone: string): Date {
  return zonedToInstant({ ...partsOf(month), day: 1, hour: 0, minute: 0, second: 0 }, timeZone);
}

function partsOf(text: CalendarMonth): { year: number; month: number } {
  const [, year, month] = MONTH.exec(text) ?? [];
  if (year === undefined) throw invalid('BILLING_MONTH', 'A month is written like 2026-03.', { text });
  return { year: Number(year), month: Number(month) };
}
