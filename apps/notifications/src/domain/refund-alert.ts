/** What operators hear of refunds to cards of which the payment provider tells what the books do not say. */
import { OPERATORS, type AlertIntent } from './alert.js';
import { place, type SessionFacts } from './alert-for-event.js';

export interface RefundNews {
  readonly refundId: string;
  /** Operators find it, and whose it is, by this: a top-up has neither invoice nor session. */
  readonly paymentId: string;
  /** Empty: none. */
  readonly sessionId: string;
  readonly invoiceNumber: string;
  readonly amount: string;
  readonly currency: string;
  /** DONE | FAILED */
  readonly told: string;
}

/** Once for a refund and what was told of it: providers tell things again. */
export function refundAlert(
  { refundId, paymentId, sessionId, invoiceNumber, amount, currency, told }: RefundNews,
  session: SessionFacts | undefined,
  raisedAt: Date,
): AlertIntent {
  return {
    recipient: OPERATORS,
    kind: 'REFUND_CONTRADICTED',
    dedupeKey: `refund:${refundId}:${told}`,
    sessionId,
    stationId: session?.stationId ?? '',
    raisedAt,
    facts: { ...(session ? place(session) : {}), invoiceNumber, paymentId, amount, currency, cause: told },
  };
}
