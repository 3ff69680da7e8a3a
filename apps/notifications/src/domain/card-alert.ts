/** What drivers are told of their card: that it was declined, and what they can do. */
import type { AlertIntent } from './alert.js';
import { place, type SessionFacts } from './alert-for-event.js';

/** What became of a payment by card. */
export interface CardNews {
  readonly paymentId: string;
  readonly accountId: string;
  /** SESSION | INVOICE | TOP_UP */
  readonly purpose: string;
  /** Empty: none. */
  readonly sessionId: string;
  readonly state: string;
  readonly amount: string;
  readonly currency: string;
  /** Of the bank or the provider. */
  readonly failureCode: string;
  /** More was to be reserved than there is already: without it the money is short, which is told by itself. */
  readonly beside: boolean;
}

/**
 * Undefined: nobody needs to know. Who tops up by card is there and is answered at once. Once for a payment and what became of it: the
 * provider may close a declined payment, which is another version of the same.
 */
export function cardAlert(
  news: CardNews,
  session: SessionFacts | undefined,
  raisedAt: Date,
): AlertIntent | undefined {
  const { paymentId, accountId, purpose, sessionId, state, amount, currency, failureCode, beside } = news;
  if (state !== 'DECLINED' || purpose === 'TOP_UP' || beside || accountId === '') return undefined;
  return {
    recipient: accountId,
    kind: 'CARD_DECLINED',
    dedupeKey: `payment:${paymentId}:${state}`,
    sessionId,
    stationId: session?.stationId ?? '',
    raisedAt,
    facts: {
      ...(session ? place(session) : {}),
      ...(amount ? { amount, currency } : {}),
      ...{ purpose, cause: failureCode },
    },
  };
}
