/**
 * What an account may spend on another session, as billing last told: at most five minutes ago while its sessions run, and without what
 * they will have cost until billing looks again. OCPP 2.1 C17: more than nothing lets a session start; how much its operator asks for
 * beyond that was agreed with the account.
 */
import type { Decimal } from '@kilowatch/kernel';

export interface AccountFunds {
  readonly currency: string;
  /** Undefined: no limit. */
  readonly available: Decimal | undefined;
  /** No session starts with less. */
  readonly minimumToStart: Decimal;
  /** No session starts. */
  readonly blocked: boolean;
}

export function isLimited(funds: AccountFunds | undefined): boolean {
  return funds?.available !== undefined;
}

/** Why no session may start; undefined: it may. */
export function refusalOf(
  funds: AccountFunds | undefined,
): 'account_blocked' | 'no_credit' | 'below_minimum_to_start' | undefined {
  if (!funds) return undefined;
  if (funds.blocked) return 'account_blocked';
  const { available, minimumToStart } = funds;
  if (!available) return undefined;
  if (!available.gt('0')) return 'no_credit';
  return available.lt(minimumToStart) ? 'below_minimum_to_start' : undefined;
}
