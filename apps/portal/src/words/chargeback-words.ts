import type { ChargebacksQuery } from '../api/documents/chargebacks.js';
import type { Word } from './session-words.js';

export type Chargeback = ChargebacksQuery['chargebacks']['edges'][number]['node'];

export const CHARGEBACK_STATES: Readonly<Record<Chargeback['state'], Word>> = {
  INQUIRY: { text: 'The bank asks', tone: 'warn' },
  INQUIRY_ANSWERED: { text: 'The bank looks at the answer', tone: 'quiet' },
  NEEDS_RESPONSE: { text: 'Evidence is wanted', tone: 'bad' },
  UNDER_REVIEW: { text: 'The bank looks at the evidence', tone: 'quiet' },
  WON: { text: 'Won', tone: 'good' },
  LOST: { text: 'Lost', tone: 'bad' },
  CLOSED: { text: 'Over', tone: 'quiet' },
};

/** In the provider's words (docs.stripe.com, "Dispute categories"); another one is shown as it is. */
const REASONS: Readonly<Record<string, string>> = {
  fraudulent: 'The holder says that they did not pay this',
  duplicate: 'It is said to be paid twice',
  credit_not_processed: 'Money that should have come back is said to be missing',
  general: 'No reason was given',
  unrecognized: 'The holder does not know the payment',
  product_not_received: 'Nothing is said to have been charged',
  product_unacceptable: 'What was charged is said to be wrong',
  insufficient_funds: 'There was not enough money',
  subscription_canceled: 'It is said to have been cancelled',
};

export const chargebackReason = (reason: string): string => REASONS[reason] ?? reason.replaceAll('_', ' ');
