/**
 * What is reserved on a card for a session: an amount at its start, more when most of it is used, and another in the place of one that runs
 * out. A bill is taken of them in the order they were made; what is not needed is let go.
 */
import { type Decimal, sumDecimals, ZERO } from '@kilowatch/kernel';
import { LIVE_STATES, type PaymentState } from './payment.js';

export interface Reservation {
  readonly state: PaymentState;
  readonly amount: Decimal;
  /** What is to be taken of it; null: not known yet. */
  readonly goal: Decimal | null;
}

/** A card that gives so often gives for a lorry; whoever needs more has to be asked. */
export const MOST_RESERVATIONS = 12;

/** What the session may cost by its card. */
export function reservedOf(all: readonly Reservation[]): Decimal {
  const held = all.filter(({ state, goal }) => state === 'AUTHORISED' && goal === null);
  return sumDecimals(held.map(({ amount }) => amount));
}

/** Whether more is asked for: not while an answer is out, and not of a card that declined the last time. */
export function mayReserveMore(all: readonly Reservation[]): boolean {
  const last = all.at(-1);
  const isOut = all.some(({ state }) => state !== 'AUTHORISED' && LIVE_STATES.includes(state));
  return last?.state === 'AUTHORISED' && last.goal === null && !isOut && all.length < MOST_RESERVATIONS;
}

/**
 * What is to be taken of each of those that may still give, for a bill of `owed`: zero lets it go. The last that is needed is asked for all
 * that is left, so that what no reservation covers is charged when it was taken.
 */
export function goalsOf(owed: Decimal, live: readonly Pick<Reservation, 'amount'>[]): Decimal[] {
  let left = owed.gt('0') ? owed : ZERO;
  return live.map(({ amount }, index) => {
    const isLast = index === live.length - 1;
    const goal = isLast || left.lt(amount) ? left : amount;
    left = left.minus(goal);
    return goal;
  });
}
