import type { Tx } from '@kilowatch/platform';
import { addToMonth, instantOfMonth } from '../../domain/calendar-month.js';
import { statementOf, type StatementFigures } from '../../domain/payee-statement.js';
import { carriedTo } from '../../persistence/payee-statement.repository.js';
import { revenueOfPayee, type Payee } from '../../persistence/payee.repository.js';

/** What is booked at the end of a month is committed by then. */
const WAIT_MS = 6 * 3_600_000;

/** What the statement of a payee's next month says, or would say now; undefined: nothing to state. */
export async function statedMonth(
  tx: Tx,
  payee: Payee,
  timeZone: string,
): Promise<StatementFigures | undefined> {
  const { month } = payee;
  const bounds = {
    from: instantOfMonth(month, timeZone),
    to: instantOfMonth(addToMonth(month, 1), timeZone),
    timeZone,
  };
  const carriedIn = await carriedTo(tx, payee.tenant, payee.id);
  return statementOf(await revenueOfPayee(tx, payee, month, bounds), carriedIn, payee.currency);
}

/** When the statement of a month is made. */
export function statementDueAt(month: string, timeZone: string): Date {
  return new Date(instantOfMonth(addToMonth(month, 1), timeZone).getTime() + WAIT_MS);
}
