/**
 * A payment by card as far as it got. Money of a provider is moved over a network that loses answers, and its webhooks come twice, late
 * and out of order (docs/promises.md P4): so a payment only ever goes forward, what is observed is joined to what is known, and a
 * question without an answer is a state of its own, which is left by asking, never by guessing.
 */
import { type Decimal, ZERO, stateMachine } from '@kilowatch/kernel';

export const PAYMENT_STATES = [
  'PENDING',
  'UNKNOWN',
  'REQUIRES_ACTION',
  'AUTHORISED',
  'CANCELLED',
  'EXPIRED',
  'DECLINED',
  'CAPTURED',
  'PARTLY_REFUNDED',
  'REFUNDED',
] as const;

/**
 * PENDING: not asked yet. UNKNOWN: asked, and no answer was heard. REQUIRES_ACTION: the holder must confirm it. AUTHORISED: the amount is
 * reserved. EXPIRED: it was, and nobody took it in time. DECLINED stays when the provider closes what it declined.
 */
export type PaymentState = (typeof PAYMENT_STATES)[number];

/** SESSION: reserved at its start, captured at its end. INVOICE: the rest of one, or one as a whole. */
export type PaymentPurpose = 'SESSION' | 'INVOICE' | 'TOP_UP';

/** What was last asked of the provider. */
export type PaymentOperation = 'AUTHORISE' | 'CHARGE' | 'CAPTURE' | 'CANCEL';

const REFUNDS = ['PARTLY_REFUNDED', 'REFUNDED'] as const;
const ENDS = ['CANCELLED', 'EXPIRED', 'DECLINED', 'CAPTURED', ...REFUNDS] as const;

/** Money decides: what was captured after all is captured, whatever was believed before. */
export const PAYMENT_MOVES = stateMachine<PaymentState>({
  PENDING: ['UNKNOWN', 'REQUIRES_ACTION', 'AUTHORISED', ...ENDS],
  UNKNOWN: ['PENDING', 'REQUIRES_ACTION', 'AUTHORISED', ...ENDS],
  REQUIRES_ACTION: ['UNKNOWN', 'AUTHORISED', ...ENDS],
  AUTHORISED: ['UNKNOWN', ...ENDS],
  CANCELLED: ['EXPIRED', 'DECLINED', 'CAPTURED', ...REFUNDS],
  EXPIRED: ['DECLINED', 'CAPTURED', ...REFUNDS],
  DECLINED: ['CAPTURED', ...REFUNDS],
  CAPTURED: [...REFUNDS],
  PARTLY_REFUNDED: ['REFUNDED'],
  // More was taken after all.
  REFUNDED: ['PARTLY_REFUNDED'],
});

/** What is true at the provider, as it was told there at some time. */
export interface Observation {
  readonly state: Exclude<PaymentState, 'PENDING' | 'UNKNOWN'>;
  readonly captured: Decimal;
  readonly refunded: Decimal;
  /** Nothing can follow there any more. */
  readonly closed: boolean;
}

export interface PaymentProgress {
  readonly state: PaymentState;
  readonly captured: Decimal;
  readonly refunded: Decimal;
  readonly closed: boolean;
}

export const NOT_ASKED: PaymentProgress = { state: 'PENDING', captured: ZERO, refunded: ZERO, closed: false };

/** Joins what was observed to what is known: in any order and any number of times the same comes out. */
export function observe(known: PaymentProgress, seen: Observation): PaymentProgress {
  const captured = larger(known.captured, seen.captured);
  const refunded = larger(known.refunded, seen.refunded);
  const closed = known.closed || seen.closed;
  const further = rank(seen.state) > rank(known.state) ? seen.state : known.state;
  if (!captured.gt('0')) return { state: further, captured, refunded, closed };
  const state = !refunded.gt('0') ? 'CAPTURED' : refunded.gte(captured) ? 'REFUNDED' : 'PARTLY_REFUNDED';
  return { state, captured, refunded, closed };
}

/** Whether two tell the same; used to keep an observation that says nothing new from making a version. */
export function isSame(a: PaymentProgress, b: PaymentProgress): boolean {
  return (
    a.state === b.state && a.captured.eq(b.captured) && a.refunded.eq(b.refunded) && a.closed === b.closed
  );
}

function rank(state: PaymentState): number {
  return PAYMENT_STATES.indexOf(state);
}

function larger(a: Decimal, b: Decimal): Decimal {
  return a.gte(b) ? a : b;
}

/** What decides what is asked next. */
export interface PaymentCase extends PaymentProgress {
  readonly purpose: PaymentPurpose;
  readonly amount: Decimal;
  /** What is to be taken of an authorisation; null: not known yet, zero: nothing. */
  readonly goal: Decimal | null;
  readonly operation: PaymentOperation | null;
  /** When the operation was first asked for. */
  readonly askedAt: Date | null;
  readonly authorisedUntil: Date | null;
  /** Another reservation was asked for in its place, or none is. */
  readonly renewed: boolean;
  /** The provider's name for it; null: it never said one. */
  readonly providerRef: string | null;
  readonly feeKnown: boolean;
  readonly createdAt: Date;
}

export type NextStep =
  | { readonly kind: 'ASK'; readonly operation: PaymentOperation; readonly amount: Decimal }
  | { readonly kind: 'READ' }
  /** What is reserved runs out: another reservation takes its place, if the session goes on. */
  | { readonly kind: 'RENEW' }
  /** Nothing was asked and nothing needs to be: it is over. */
  | { readonly kind: 'DROP' }
  | { readonly kind: 'WAIT'; readonly until: Date | null };

/** A holder who was asked to confirm has this long. */
export const CONFIRM_MS = 3_600_000;
/** Providers keep idempotency keys 24 hours (Stripe, "Idempotent requests"): until then the same question is safe. */
export const SAFE_KEY_MS = 20 * 3_600_000;
const LOOK_AGAIN_MS = 3_600_000;
/** The fee is told a little after the money was taken. */
const MOST_FEE_LOOKS = 4;

/** What to do with a payment that is due, given what is known of it. */
export function nextStep(payment: PaymentCase, now: Date): NextStep {
  const { state, goal, amount } = payment;
  const dropped = goal?.eq('0') ?? false;
  switch (state) {
    case 'PENDING': {
      if (dropped) return { kind: 'DROP' };
      const operation = payment.purpose === 'SESSION' ? 'AUTHORISE' : 'CHARGE';
      return { kind: 'ASK', operation, amount };
    }
    case 'UNKNOWN':
      return { kind: 'READ' };
    case 'REQUIRES_ACTION': {
      const until = new Date(payment.createdAt.getTime() + CONFIRM_MS);
      if (goal !== null || until <= now) return { kind: 'ASK', operation: 'CANCEL', amount };
      return { kind: 'WAIT', until };
    }
    case 'AUTHORISED':
      if (dropped) return { kind: 'ASK', operation: 'CANCEL', amount };
      if (goal !== null)
        return { kind: 'ASK', operation: 'CAPTURE', amount: goal.gt(amount) ? amount : goal };
      return lookWhenExpired(payment, now);
    case 'DECLINED':
      // Else whoever holds the client secret could try again with another card.
      if (payment.closed || payment.providerRef === null) return { kind: 'WAIT', until: null };
      return { kind: 'ASK', operation: 'CANCEL', amount };
    case 'CAPTURED':
      return payment.feeKnown ? { kind: 'WAIT', until: null } : { kind: 'READ' };
    default:
      return { kind: 'WAIT', until: null };
  }
}

/** Time to ask again and again, and to stop a session whose card gives no more. */
const RENEW_BEFORE_MS = 12 * 3_600_000;

/** Long before it runs out, as long as it is good for: most cards give seven days, some a few hours. */
function renewAt(authorisedUntil: Date, createdAt: Date): Date {
  const quarter = Math.max(0, authorisedUntil.getTime() - createdAt.getTime()) / 4;
  return new Date(authorisedUntil.getTime() - Math.min(RENEW_BEFORE_MS, quarter));
}

function lookWhenExpired({ authorisedUntil, renewed, createdAt }: PaymentCase, now: Date): NextStep {
  // A webhook may tell that it is reserved, and not until when.
  if (authorisedUntil === null) return { kind: 'READ' };
  if (authorisedUntil <= now) return { kind: 'READ' };
  if (!renewed) {
    const at = renewAt(authorisedUntil, createdAt);
    return at <= now ? { kind: 'RENEW' } : { kind: 'WAIT', until: at };
  }
  return { kind: 'WAIT', until: authorisedUntil };
}

/**
 * When a payment is looked at again: at once where a step follows, else when time brings one; null: never by itself. `attempts` counts
 * the questions since something new was heard.
 */
export function dueAfter(payment: PaymentCase, attempts: number, now: Date): Date | null {
  const step = nextStep(payment, now);
  if (step.kind === 'WAIT') return step.until;
  if (step.kind !== 'READ') return attempts === 0 ? now : pause(attempts, now);
  if (payment.state === 'CAPTURED') return attempts < MOST_FEE_LOOKS ? pause(attempts + 2, now) : null;
  if (payment.state === 'AUTHORISED') {
    if (payment.authorisedUntil === null && attempts < MOST_FEE_LOOKS) return pause(attempts, now);
    return new Date(now.getTime() + LOOK_AGAIN_MS);
  }
  return pause(attempts, now);
}

const PAUSES_SECONDS = [5, 15, 60, 300, 900];

/** Between questions that stay without an answer. */
export function pause(attempts: number, now: Date): Date {
  const seconds = PAUSES_SECONDS[Math.max(attempts, 1) - 1] ?? 3_600;
  return new Date(now.getTime() + seconds * 1000);
}

/** Nothing is known there of what was asked: asked again under the same key while that is safe, then it never was. */
export function neverArrived(payment: PaymentCase, now: Date): 'AGAIN' | 'OVER' {
  const since = now.getTime() - (payment.askedAt ?? payment.createdAt).getTime();
  return since < SAFE_KEY_MS ? 'AGAIN' : 'OVER';
}

/** Whether it may still take money, or is asked to. */
export const LIVE_STATES: readonly PaymentState[] = ['PENDING', 'UNKNOWN', 'REQUIRES_ACTION', 'AUTHORISED'];
