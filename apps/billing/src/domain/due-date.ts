/** When an invoice is overdue: with the end of the last day to pay, on the seller's calendar. The day of the invoice is not counted. */
import { localParts, zonedToInstant } from '@kilowatch/kernel';

export function overdueFrom(issuedAt: Date, daysToPay: number, timeZone: string): Date {
  const { year, month, day } = localParts(issuedAt, timeZone);
  return zonedToInstant({ year, month, day: day + daysToPay + 1, hour: 0, minute: 0, second: 0 }, timeZone);
}

/** An instant of the last day to pay, to be shown as that day. */
export function lastDayToPay(overdue: Date): Date {
  return new Date(overdue.getTime() - 1);
}
