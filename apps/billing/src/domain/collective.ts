/**
 * Collective invoices: the sessions of one driver, currency and calendar month of the seller (VAT Directive 2006/112 art. 223 allows
 * them when the tax of all falls due in one month). A month is billed some time after its end, so that energy that is closed late still
 * is in it; what comes even later belongs to the next month that is not billed yet.
 */
import { addToMonth, type CalendarMonth, instantOfMonth, monthOf } from './calendar-month.js';

export interface CollectiveMonth {
  readonly month: CalendarMonth;
  /** When its invoice is issued. */
  readonly dueAt: Date;
}

/** `waitMs`: between the end of a month and its invoice. */
export interface CollectiveCalendar {
  readonly timeZone: string;
  readonly waitMs: number;
}

export function dueOf(month: CalendarMonth, { timeZone, waitMs }: CollectiveCalendar): CollectiveMonth {
  const end = instantOfMonth(addToMonth(month, 1), timeZone);
  return { month, dueAt: new Date(end.getTime() + waitMs) };
}

/** The month whose invoice takes a session that ended then: its own, or the first whose invoice is not due yet. */
export function collectiveMonth(endedAt: Date, now: Date, calendar: CollectiveCalendar): CollectiveMonth {
  const own = dueOf(monthOf(endedAt, calendar.timeZone), calendar);
  if (own.dueAt > now) return own;
  // The month before that of now may still wait for its invoice.
  const last = dueOf(addToMonth(monthOf(now, calendar.timeZone), -1), calendar);
  return last.dueAt > now ? last : nextMonth(last.month, calendar);
}

export function nextMonth(month: CalendarMonth, calendar: CollectiveCalendar): CollectiveMonth {
  return dueOf(addToMonth(month, 1), calendar);
}
