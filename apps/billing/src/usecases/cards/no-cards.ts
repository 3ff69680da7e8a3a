import { precondition, unauthenticated } from '@kilowatch/kernel';
import type { Answer, PaymentProvider } from './payment-provider.js';

const OFF = { kind: 'REFUSED', code: 'cards_off' } as const satisfies Answer<never>;
const off = () => Promise.resolve(OFF);

/** The default: nobody pays by card. */
export const NO_CARDS: PaymentProvider = {
  name: '',
  publishableKey: '',
  newCustomer: off,
  newSetup: off,
  newSetupPage: off,
  readSetup: off,
  readCard: off,
  removeCard: off,
  request: off,
  capture: off,
  cancel: off,
  read: off,
  find: off,
  refund: off,
  findRefund: off,
  readChargeback: off,
  payoutParts: off,
  verified: () => {
    throw unauthenticated('BILLING_WEBHOOK_SIGNATURE', 'Cards are off here.');
  },
};

/** Throws PRECONDITION `BILLING_CARDS_OFF`. */
export function assertCards({ name }: PaymentProvider): void {
  if (name === '') throw precondition('BILLING_CARDS_OFF', 'Payment by card is not offered here.');
}
