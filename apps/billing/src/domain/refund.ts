/**
 * Money on its way back to a card. One refund is one idempotency key at the provider for its life: whoever asks late, twice or side by
 * side moves the money once. Keys are forgotten after 24 hours (Stripe, "Idempotent requests"), so before it is asked again it is looked
 * for among the refunds of its payment. What is over is over, whatever is told afterwards (docs/promises.md P4).
 */

/** UNKNOWN: asked, and no answer was heard. PENDING: the provider has it and is not done. */
export type RefundState = 'REQUESTED' | 'UNKNOWN' | 'PENDING' | 'DONE' | 'FAILED';

export interface RefundCase {
  readonly state: RefundState;
  /** When it was first asked for. */
  readonly askedAt: Date | null;
  /** Counts the flights, asks and looks, since something new was heard. */
  readonly attempts: number;
}

export function isOver({ state }: Pick<RefundCase, 'state'>): boolean {
  return state === 'DONE' || state === 'FAILED';
}

/** The number is part of the form that was always asked with. */
export function refundKey(id: string): string {
  return `${id}:REFUND:0`;
}

/** FOUND: the provider has it. NOT_FOUND: a look saw none. NO: it was asked and refused for good, so nothing was given back. SILENCE: nothing that says what is true. */
export type RefundHeard = 'FOUND' | 'NOT_FOUND' | 'NO' | 'SILENCE';

/** TAKE_OVER what was found; FAIL: it cannot be given back; ASK under its key once more; LATER: look again. */
export type RefundStep = 'TAKE_OVER' | 'FAIL' | 'GIVE_UP' | 'ASK' | 'LATER' | 'NOTHING';

/** A failure of the provider is kept under the key like any answer: only when the key was forgotten is it asked afresh. */
const GIVE_UP_MS = 3 * 24 * 3_600_000;

/** @param flight the `attempts` of the one that heard it: what a flight did not see says nothing when another has left since */
export function refundStep(held: RefundCase, flight: number, heard: RefundHeard, now: Date): RefundStep {
  if (isOver(held)) return 'NOTHING';
  if (heard === 'FOUND') return 'TAKE_OVER';
  // Once the provider has named it, a refusal is of something else.
  if (held.state === 'PENDING') return 'LATER';
  if (heard === 'NO') return 'FAIL';
  if (heard !== 'NOT_FOUND' || held.state !== 'UNKNOWN' || held.attempts !== flight) return 'LATER';
  return now.getTime() - (held.askedAt ?? now).getTime() > GIVE_UP_MS ? 'GIVE_UP' : 'ASK';
}
