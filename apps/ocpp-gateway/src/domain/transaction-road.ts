/**
 * Which transaction messages sessions must hear of. In 2.0.1 most are periodic readings (block J02), which only metering
 * needs. Many chargers repeat the charging state in each of them: a state that sessions knows already is no news.
 */
import type { TransactionMessage } from '@kilowatch/ocpp';

const PERIODIC: ReadonlySet<string> = new Set(['MeterValuePeriodic', 'MeterValueClock']);

/** `known`: charging state that sessions last acknowledged, by transaction. */
export function concernsSessions(message: TransactionMessage, known: ReadonlyMap<string, string>): boolean {
  if (message.kind !== 'UPDATED' || message.transactionRef === null) return true;
  // A button pressed is no news in between.
  if ((message.idToken?.value ?? '') !== '' || message.readings.length === 0) return true;
  if (!PERIODIC.has(message.trigger ?? '')) return true;
  return message.chargingState !== null && known.get(message.transactionRef) !== message.chargingState;
}
