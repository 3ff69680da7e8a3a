/**
 * Versions of a tariff ahead of time: what is published now may be valid from a later moment, never from an earlier one, and two that begin
 * at one moment would leave the price to chance. Nothing that was published is changed; what has not begun can be withdrawn.
 */
import { conflict, invalid, precondition } from '@kilowatch/kernel';

/** Whoever sends "now" is a moment late when it arrives. */
const LEEWAY_MS = 60_000;
/** Longer ahead is a slip of the pen. */
const LONGEST_MS = 2 * 366 * 86_400_000;

/** From when a version is valid: now unless said otherwise. Throws INVALID for the past and for what is too far off. */
export function beginOf(wanted: Date | undefined, now: Date): Date {
  if (wanted === undefined) return now;
  const ahead = wanted.getTime() - now.getTime();
  if (ahead < -LEEWAY_MS)
    throw invalid('BILLING_TARIFF_PAST', 'A version of a tariff cannot be valid from the past.');
  if (!(ahead <= LONGEST_MS))
    throw invalid('BILLING_TARIFF_FAR', 'A version of a tariff is planned at most two years ahead.');
  return ahead <= 0 ? now : wanted;
}

/** Throws CONFLICT when another version is to begin at the same moment. */
export function checkBegin(from: Date, other: { readonly version: number } | undefined): void {
  if (!other) return;
  throw conflict(
    'BILLING_TARIFF_PLANNED',
    `Version ${other.version} begins at ${from.toISOString()} too: withdraw it first, or choose another moment.`,
    { version: other.version },
  );
}

export interface Withdrawable {
  readonly version: number;
  readonly validFrom: Date;
  readonly withdrawnAt: Date | undefined;
}

/** Throws PRECONDITION when it has begun, or was withdrawn before. */
export function checkWithdrawal({ version, validFrom, withdrawnAt }: Withdrawable, now: Date): void {
  if (withdrawnAt !== undefined)
    throw precondition('BILLING_TARIFF_WITHDRAWN', `Version ${version} was withdrawn before.`);
  if (validFrom <= now)
    throw precondition(
      'BILLING_TARIFF_BEGUN',
      `Version ${version} is valid since ${validFrom.toISOString()}: apply another one instead.`,
    );
}

export type VersionState = 'PLANNED' | 'VALID' | 'PAST' | 'WITHDRAWN';

export function stateOf(
  one: {
    readonly validFrom: Date;
    readonly validUntil: Date | undefined;
    readonly withdrawnAt: Date | undefined;
  },
  now: Date,
): VersionState {
  if (one.withdrawnAt !== undefined) return 'WITHDRAWN';
  if (one.validFrom > now) return 'PLANNED';
  return one.validUntil !== undefined && one.validUntil <= now ? 'PAST' : 'VALID';
}
