/**
 * Sign-ins that were refused, as the audit log keeps them: one entry for what was aimed at, from where, why and in which minute, with how
 * often. What was typed in place of an e-mail address is kept nowhere: it may be somebody's password.
 */
import { stranger, type AuditEvent } from './audit.js';

export const REFUSAL_REASONS = [
  'WRONG_PASSWORD',
  'WRONG_CODE',
  'WRONG_PASSKEY',
  'WRONG_SECRET',
  'UNKNOWN_ACCOUNT',
  'LOCKED',
  'INACTIVE',
  'EMAIL_NOT_VERIFIED',
  'PROVIDER_REFUSED',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

export interface RefusedSignIn {
  readonly tenant: string;
  /** Beginning of the minute. */
  readonly minute: Date;
  /** Undefined: no account, or nobody knows which. */
  readonly target: { readonly kind: 'account' | 'client'; readonly id: string } | undefined;
  /** The block of the address; empty: unknown, or one of too many. */
  readonly address: string;
  readonly why: RefusalReason;
  readonly times: number;
}

/** Of one company and minute so many are kept apart; what comes beyond is counted by its reason alone. */
export const MOST_PER_MINUTE = 200;

const MINUTE_MS = 60_000;

export function minuteOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS);
}

/** Its minute is over, and whoever was still writing has written. */
export function isComplete(minute: Date, now: Date): boolean {
  return now.getTime() >= minute.getTime() + MINUTE_MS + 5_000;
}

export function refusalEvent({ tenant, target, address, why, times }: RefusedSignIn): AuditEvent {
  return {
    tenant,
    by: stranger(address === '' ? undefined : address),
    action: 'sign_in.refused',
    target: target ?? { kind: 'sign_in', id: '' },
    details: { why, times },
  };
}
