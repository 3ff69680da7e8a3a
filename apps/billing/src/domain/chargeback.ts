/**
 * A chargeback: a cardholder has their bank take a payment back (Stripe calls it a dispute: "How disputes work"). What of it is true is read at
 * the provider, so that news may come twice, late and in any order; what of it was booked is kept, and only the difference is booked. The
 * provider's own fee for it is a cost of the operator. Money that was taken back is owed again: by the invoice that it had paid, out of the
 * wallet that it had filled, and what neither has is a claim beside them.
 */
import { type Decimal, ZERO } from '@kilowatch/kernel';

export const CHARGEBACK_STATES = [
  'INQUIRY',
  'INQUIRY_ANSWERED',
  'NEEDS_RESPONSE',
  'UNDER_REVIEW',
  'WON',
  'LOST',
  'CLOSED',
] as const;

/**
 * INQUIRY: the bank asks, nothing is taken yet. NEEDS_RESPONSE: evidence is wanted, in an appeal, too. CLOSED: without a decision, as an
 * inquiry that led to nothing or a chargeback that was prevented by giving the money back.
 */
export type ChargebackState = (typeof CHARGEBACK_STATES)[number];

/** Nobody has decided: no letter is written about the invoice, and nothing else pays it by itself. */
export const UNDECIDED_STATES: readonly ChargebackState[] = [
  'INQUIRY',
  'INQUIRY_ANSWERED',
  'NEEDS_RESPONSE',
  'UNDER_REVIEW',
];
const WANTS_EVIDENCE: readonly ChargebackState[] = ['INQUIRY', 'NEEDS_RESPONSE'];

export const isUndecided = (state: ChargebackState): boolean => UNDECIDED_STATES.includes(state);

/** What is true at the provider. */
export interface ChargebackSeen {
  readonly state: ChargebackState;
  /** Of the payment, as the holder disputes it. */
  readonly amount: Decimal;
  /** In the provider's words: `fraudulent`, `duplicate` and so on. */
  readonly reason: string;
  readonly evidenceDueAt: Date | undefined;
  /** Evidence was handed in. */
  readonly evidenceSent: boolean;
  /** Taken from us and not given back; below zero: more was given back than taken. */
  readonly withdrawn: Decimal;
  /** Kept by the provider for it, less what it gave back of that. */
  readonly fee: Decimal;
}

/** What is known of it here; `withdrawn` and `fee` are in the ledger. */
export interface ChargebackCase extends ChargebackSeen {
  /** What is owed beside invoices. */
  readonly claim: Decimal;
  readonly openedAt: Date;
  readonly closedAt: Date | undefined;
  readonly remindedAt: Date | undefined;
}

/** What happened to it. EVIDENCE_DUE: somebody should hand evidence in. REOPENED: decided once, and not any more. */
export type ChargebackChange =
  | ('OPENED' | 'UPDATED' | 'WITHDRAWN' | 'REINSTATED' | 'EVIDENCE_DUE')
  | ('WON' | 'LOST' | 'CLOSED' | 'REOPENED');

/** Undefined: it says nothing new. The most important of what is new; `known` undefined: it was not heard of. */
export function changeOf(
  known: ChargebackCase | undefined,
  seen: ChargebackSeen,
): ChargebackChange | undefined {
  if (!known) return 'OPENED';
  if (known.state !== seen.state) {
    if (seen.state === 'WON' || seen.state === 'LOST' || seen.state === 'CLOSED') return seen.state;
    if (!isUndecided(known.state)) return 'REOPENED';
  }
  if (!seen.withdrawn.eq(known.withdrawn))
    return seen.withdrawn.gt(known.withdrawn) ? 'WITHDRAWN' : 'REINSTATED';
  const same =
    known.state === seen.state &&
    known.amount.eq(seen.amount) &&
    known.fee.eq(seen.fee) &&
    known.reason === seen.reason &&
    known.evidenceDueAt?.getTime() === seen.evidenceDueAt?.getTime() &&
    known.evidenceSent === seen.evidenceSent;
  return same ? undefined : 'UPDATED';
}

/** Where money that was taken back is owed. */
export interface TakenParts {
  readonly invoice: Decimal;
  readonly wallet: Decimal;
  readonly claim: Decimal;
}

/**
 * Of money that was taken back: the invoice owes what cards had paid of it, else the wallet gives what is in it, and the rest is a claim.
 * @param of what there is: `invoice` paid by cards, zero for a top-up; `wallet` zero unless it was one
 */
export function splitTaken(amount: Decimal, of: Omit<TakenParts, 'claim'>): TakenParts {
  const invoice = smaller(amount, of.invoice);
  const wallet = smaller(amount.minus(invoice), of.wallet);
  return { invoice, wallet, claim: amount.minus(invoice).minus(wallet) };
}

/** Of money that came back: the claim, then what is owed of the invoice; what somebody has paid otherwise meanwhile is the driver's. */
export function splitReturned(amount: Decimal, owed: Omit<TakenParts, 'wallet'>): TakenParts {
  const claim = smaller(amount, owed.claim);
  const invoice = smaller(amount.minus(claim), owed.invoice);
  return { claim, invoice, wallet: amount.minus(claim).minus(invoice) };
}

function smaller(a: Decimal, b: Decimal): Decimal {
  const least = a.lt(b) ? a : b;
  return least.gt('0') ? least : ZERO;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Before the evidence is due. */
const REMIND_BEFORE_MS = [3 * DAY_MS, DAY_MS] as const;
/** Money may come back a while after it was won. */
const MOST_AFTER_END_MS = 30 * DAY_MS;

/** When somebody is to be reminded of the evidence; undefined: not (any more). Who heard of it late is reminded a day before. */
export function remindAt(one: ChargebackCase): Date | undefined {
  const { state, evidenceDueAt, evidenceSent, remindedAt, openedAt } = one;
  if (!WANTS_EVIDENCE.includes(state) || !evidenceDueAt || evidenceSent || remindedAt) return undefined;
  return REMIND_BEFORE_MS.map((before) => new Date(evidenceDueAt.getTime() - before)).find(
    (at) => at > openedAt,
  );
}

/** When it is looked at again: daily while it is undecided or money is to come back; undefined: only when something is told. */
export function lookAfter(one: ChargebackCase, now: Date): Date | undefined {
  const daily = new Date(now.getTime() + DAY_MS);
  if (isUndecided(one.state)) {
    const reminder = remindAt(one);
    return reminder && reminder > now && reminder < daily ? reminder : daily;
  }
  const since = now.getTime() - (one.closedAt ?? now).getTime();
  const isToCome = one.state !== 'LOST' && one.withdrawn.gt('0') && since < MOST_AFTER_END_MS;
  return isToCome ? daily : undefined;
}
