/**
 * Stripe's own page on which a card is saved: a Checkout Session with `mode: 'setup'`. It makes a SetupIntent, which has our tag as well,
 * so that each of the two tells of the card by itself.
 */
import type Stripe from 'stripe';
import type { OwnerTag, WayBack } from './payment-provider.js';
import { metadataOf } from './stripe-mapping.js';

const PREFIX = 'cs_';

/** By its name at Stripe. */
export const isPage = (ref: string): boolean => ref.startsWith(PREFIX);

export function pageParams(
  owner: OwnerTag,
  customerRef: string,
  { done, left }: WayBack,
): Stripe.Checkout.SessionCreateParams {
  const metadata = metadataOf(owner);
  return {
    mode: 'setup',
    customer: customerRef,
    allowed_payment_method_types: ['card'],
    metadata,
    setup_intent_data: { metadata },
    success_url: done,
    cancel_url: left,
  };
}
