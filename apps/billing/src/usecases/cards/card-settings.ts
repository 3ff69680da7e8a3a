import type { Decimal } from '@kilowatch/kernel';

/** Injection token: how cards are used. */
export const CARD_SETTINGS = Symbol('CARD_SETTINGS');

export interface CardSettings {
  /** Reserved at the start of a session, in the currency of its price. */
  readonly authorise: Decimal;
  /** The tenant who has the account at the provider: what of a payout is no payment's is theirs. */
  readonly payoutTenant: string;
  /** Where the provider's pages may lead back to. */
  readonly returnUrls: readonly string[];
}
