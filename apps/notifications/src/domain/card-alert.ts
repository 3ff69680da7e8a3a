/** What drivers are told of their card: that it was declined, or that its bank wants them to confirm, and what they can do. */
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
  /** The holder is there, and is asked to confirm where they are. */
  readonly attended: boolean;
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
  const { paymentId, accountId, sessionId, state, amount, currency, failureCode, beside } = news;
  const isTold = state === 'DECLINED' || (state === 'REQUIRES_ACTION' && !news.attended);
  if (!isTold || news.purpose === 'TOP_UP' || beside || accountId === '') return undefined;
  const purpose = news.purpose === 'INVOICE' && sessionId === '' ? 'MONTH' : news.purpose;
  return {
    recipient: accountId,
    kind: wantsHolder(news) ? 'CARD_CONFIRM' : 'CARD_DECLINED',
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

/** Without the holder the bank says no; when they pay it themselves it asks them (Stripe, "Off-session payments"). */
function wantsHolder({ state, purpose, failureCode, attended }: CardNews): boolean {
  if (state === 'REQUIRES_ACTION') return true;
  return !attended && purpose === 'INVOICE' && failureCode === 'authentication_required';
}
