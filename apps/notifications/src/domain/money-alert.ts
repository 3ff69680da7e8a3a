/** What drivers are told of the money of their running session: that most of it is used, and that it is. */
import { decimal } from '@kilowatch/kernel';
import type { AlertIntent } from './alert.js';
import { place, type SessionFacts } from './alert-for-event.js';

/** What a session may cost and how its account pays. */
export interface SessionMoney {
  readonly sessionId: string;
  readonly accountId: string;
  readonly kind: string;
  readonly amount: string;
  readonly currency: string;
  /** Counts what was told of the money of this session. */
  readonly version: number;
}

/** At the present power it is used at `usedUpAt`; undefined: not soon. Again when it was more in between. */
export function moneyLowAlert(
  money: SessionMoney,
  usedUpAt: Date | undefined,
  session: SessionFacts | undefined,
  at: Date,
): AlertIntent {
  return moneyAlert('MONEY_LOW', money, session, at, usedUpAt);
}

/** Undefined: its card was declined, which says so by itself. */
export function moneyUsedUpAlert(
  money: SessionMoney,
  session: SessionFacts | undefined,
  at: Date,
): AlertIntent | undefined {
  if (money.kind === 'CARD' && !decimal(money.amount || '0').gt('0')) return undefined;
  return moneyAlert('MONEY_USED_UP', money, session, at, undefined);
}

function moneyAlert(
  kind: 'MONEY_LOW' | 'MONEY_USED_UP',
  { sessionId, accountId, kind: cause, amount, currency, version }: SessionMoney,
  session: SessionFacts | undefined,
  raisedAt: Date,
  usedUpAt: Date | undefined,
): AlertIntent {
  return {
    recipient: accountId,
    kind,
    dedupeKey: `${kind.toLowerCase()}:${sessionId}:${version}`,
    sessionId,
    stationId: session?.stationId ?? '',
    raisedAt,
    facts: {
      ...(session ? place(session) : {}),
      ...(usedUpAt ? { at: usedUpAt.toISOString() } : {}),
      ...(amount ? { amount, currency } : {}),
      cause,
    },
  };
}
