import type { FinishCardSetupMutation, PaymentCardsParts } from '../api/documents/payment-cards.js';
import type { Outcome } from './outcome-words.js';

type SavedCard = PaymentCardsParts['cards'][number];

/** `12/2030`, and whether that is over on that day. */
export function expiryText(
  { expiresMonth, expiresYear }: Pick<SavedCard, 'expiresMonth' | 'expiresYear'>,
  now: Date,
): { readonly text: string; readonly isOver: boolean } {
  const text = `${String(expiresMonth).padStart(2, '0')}/${expiresYear}`;
  // Good until the last day of its month.
  return { text, isOver: now.getTime() >= Date.UTC(expiresYear, expiresMonth, 1) };
}

/** How sessions are paid. */
export function methodText({ method, cards }: Pick<PaymentCardsParts, 'method' | 'cards'>): string {
  if (method === 'AS_AGREED') return 'Sessions are paid as agreed with you: from the wallet, or by invoice.';
  return cards.length > 0
    ? 'Sessions are paid with the first of your cards.'
    : 'Sessions are paid by card, and there is none: add one to charge.';
}

/** What came of the visit to the provider's page. */
export function setupOutcome(state: FinishCardSetupMutation['finishCardSetup']['state']): Outcome {
  switch (state) {
    case 'DONE':
      return { tone: 'good', text: 'The card is saved.' };
    case 'FAILED':
      return {
        tone: 'warn',
        text: 'The page for the card has expired, and no card was saved. Add it again.',
      };
    case 'OPEN':
      return {
        tone: 'info',
        text: 'No card was saved yet. If you entered one, it is here in a minute; else add it again.',
      };
  }
}

/** An address of the web: nobody is sent to anything else. */
export function isWebAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
