/** A driver objects to an invoice. Once for each; the one that a correction led to may be objected to again. */
import { invalid, storableText } from '@kilowatch/kernel';

export const DISPUTE_REASONS = ['ENERGY', 'PRICE', 'IDLE', 'NOT_MINE', 'OTHER'] as const;
export type DisputeReason = (typeof DISPUTE_REASONS)[number];

/** OPEN: nobody is dunned or charged for the invoice. ACCEPTED: it was taken back, and what is right followed. */
export type DisputeState = 'OPEN' | 'ACCEPTED' | 'REJECTED';

export interface Dispute {
  readonly id: string;
  readonly sessionId: string;
  readonly invoiceId: string;
  /** Whose invoice it is. */
  readonly accountId: string;
  readonly reason: DisputeReason;
  readonly text: string;
  readonly state: DisputeState;
  readonly openedAt: Date;
  readonly decidedAt: Date | undefined;
  readonly decidedBy: string | undefined;
  /** What the driver was told. */
  readonly answer: string | undefined;
}

const LONGEST = 2_000;

/** Throws INVALID `BILLING_DISPUTE_TEXT`. */
export function disputeText(text: string): string {
  const words = storableText(text).trim();
  if (words === '' || words.length > LONGEST) {
    throw invalid('BILLING_DISPUTE_TEXT', `Say what is wrong, in 1 to ${LONGEST} characters.`);
  }
  return words;
}
