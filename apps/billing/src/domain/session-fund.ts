/**
 * The money that running sessions may use (design, billing.md section 3). Prepaid: the wallet, less what is owed and the agreed floor.
 * On account: the credit limit and the wallet, less what is owed. Sessions of one account share it; a session whose card was asked has
 * its own. What is used up is stopped; money that comes in time lets it go on.
 */
import { type Decimal, ZERO, stateMachine, sumDecimals } from '@kilowatch/kernel';
import { forecast, type Forecast, type Spending } from './fund-forecast.js';
import type { PaymentKind, PaymentTerms } from './payment-terms.js';

/** USED_UP: to be stopped. STOPPING: its station was asked to, at least once. CLOSED: billed. */
export type FundState = 'OPEN' | 'USED_UP' | 'STOPPING' | 'CLOSED';

export const FUND_MOVES = stateMachine<FundState>({
  OPEN: ['OPEN', 'USED_UP', 'CLOSED'],
  USED_UP: ['USED_UP', 'STOPPING', 'OPEN', 'CLOSED'],
  STOPPING: ['STOPPING', 'OPEN', 'CLOSED'],
  CLOSED: ['CLOSED'],
});

export interface AccountMoney {
  /** Of the wallet. */
  readonly balance: Decimal;
  /** Open and not disputed. */
  readonly owed: Decimal;
}

/** What may be spent in all; undefined: no limit of ours. */
export function roomOf(terms: PaymentTerms, { balance, owed }: AccountMoney): Decimal | undefined {
  if (terms.kind === 'PREPAID') return balance.minus(owed).minus(terms.floor);
  if (!isLimited(terms)) return undefined;
  return terms.creditLimit!.plus(balance).minus(owed);
}

/** Whether what sessions cost is worth looking at. */
export function isLimited({ kind, creditLimit }: Pick<PaymentTerms, 'kind' | 'creditLimit'>): boolean {
  return kind === 'PREPAID' || (kind === 'ACCOUNT' && creditLimit !== undefined);
}

export interface FundedSession {
  readonly sessionId: string;
  readonly state: FundState;
  readonly currency: string;
  /** What a card was asked for; undefined: no card has been. A card that was declined gives nothing. */
  readonly cardLimit: Decimal | undefined;
  /** The driver was told that most of it is used. */
  readonly lowTold: boolean;
  /** What was left, all costs of running sessions included, when it was to be stopped. */
  readonly stoppedAt: Decimal | undefined;
  /** So far, as if it ended now. */
  readonly cost: Decimal;
  /** Undefined: it ended, and waits for its bill. */
  readonly spending: Spending | undefined;
}

export interface PlannedFund {
  readonly sessionId: string;
  readonly kind: PaymentKind;
  readonly state: FundState;
  /** What it may cost in all; undefined: no limit. */
  readonly limit: Decimal | undefined;
  readonly lowTold: boolean;
  readonly stoppedAt: Decimal | undefined;
  readonly usedUpAt: Date | undefined;
}

export interface FundsPlan {
  readonly funds: readonly PlannedFund[];
  /** Left for another session; undefined: no limit. */
  readonly available: Decimal | undefined;
  /** Undefined: nothing runs. */
  readonly lookAt: Date | undefined;
}

export interface AccountSituation {
  readonly terms: PaymentTerms;
  /** Of the wallet, and of what may be spent. */
  readonly currency: string;
  readonly money: AccountMoney;
  readonly sessions: readonly FundedSession[];
  readonly now: Date;
}

export function planFunds({ terms, currency, money, sessions, now }: AccountSituation): FundsPlan {
  const room = roomOf(terms, money);
  const byCard = sessions.filter(({ cardLimit }) => cardLimit);
  const shared = sessions.filter((one) => !one.cardLimit && one.currency === currency);
  // The wallet pays nothing in another currency.
  const foreign = sessions.filter((one) => !one.cardLimit && one.currency !== currency);
  const parts = [
    planTogether(terms.kind, room, shared, now),
    planTogether(terms.kind, room && ZERO, foreign, now),
    ...byCard.map((one) => planTogether('CARD', one.cardLimit, [one], now)),
  ];
  const looks = parts.flatMap(({ lookAt }) => lookAt ?? []);
  return {
    funds: parts.flatMap(({ funds }) => funds),
    available: parts[0]!.left,
    lookAt: looks.length > 0 ? new Date(Math.min(...looks.map((at) => at.getTime()))) : undefined,
  };
}

interface Part {
  readonly funds: PlannedFund[];
  readonly left: Decimal | undefined;
  readonly lookAt: Date | undefined;
}

/** Sessions that live on one sum. */
function planTogether(
  kind: PaymentKind,
  room: Decimal | undefined,
  given: readonly FundedSession[],
  now: Date,
): Part {
  const sessions = given.map(notInFavour);
  if (!room) {
    const free = { kind, state: 'OPEN', limit: undefined, lowTold: false } as const;
    const funds = sessions.map(({ sessionId }) => ({
      ...free,
      sessionId,
      stoppedAt: undefined,
      usedUpAt: undefined,
    }));
    return { funds, left: undefined, lookAt: undefined };
  }
  const running = sessions.flatMap(({ spending }) => spending ?? []);
  const spent = sumDecimals(sessions.map(({ cost, spending }) => (spending ? ZERO : cost)));
  const view = forecast({ room, spent, running, now });
  // Until the next look each holds what it will have cost by then.
  const held = (one: FundedSession) => (one.spending ? one.spending.at(view.lookAt) : one.cost);
  const left = room.minus(sumDecimals(sessions.map(held)));
  const funds = sessions.map((one) => {
    const limit = left.plus(held(one));
    if (!one.spending) return planned(kind, one, { limit, state: one.state, usedUpAt: undefined });
    const { state, stoppedAt } = nextState(one, view, room.minus(spent));
    const lowTold = view.low && state === 'OPEN';
    return planned(kind, { ...one, lowTold, stoppedAt }, { limit, state, usedUpAt: view.usedUpAt });
  });
  return { funds, left, lookAt: running.length > 0 ? view.lookAt : undefined };
}

/** What a session brings its driver is there to be spent when it is billed, not before. */
function notInFavour(session: FundedSession): FundedSession {
  const { cost, spending } = session;
  const least = (amount: Decimal) => (amount.lt('0') ? ZERO : amount);
  return {
    ...session,
    cost: least(cost),
    spending: spending && {
      at: (until) => least(spending.at(until)),
      atMost: (until) => least(spending.atMost(until)),
    },
  };
}

/** What is stopped goes on only when money came: that it takes less while it is being stopped is no reason. */
function nextState(
  { state, stoppedAt }: FundedSession,
  { stop }: Forecast,
  free: Decimal,
): { state: FundState; stoppedAt: Decimal | undefined } {
  if (state === 'OPEN') return stop ? { state: 'USED_UP', stoppedAt: free } : { state, stoppedAt: undefined };
  const hasCome = !stop && free.gt(stoppedAt ?? free);
  return hasCome ? { state: 'OPEN', stoppedAt: undefined } : { state, stoppedAt };
}

function planned(
  kind: PaymentKind,
  { sessionId, lowTold, stoppedAt }: Pick<FundedSession, 'sessionId' | 'lowTold' | 'stoppedAt'>,
  { limit, state, usedUpAt }: Pick<PlannedFund, 'limit' | 'state' | 'usedUpAt'>,
): PlannedFund {
  return { sessionId, kind, state, limit, lowTold, stoppedAt, usedUpAt };
}
