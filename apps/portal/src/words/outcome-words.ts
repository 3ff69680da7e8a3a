import type { CommandParts } from '../api/documents/stations.js';
import type { Tone } from './session-words.js';

export interface Outcome {
  readonly tone: Tone;
  readonly text: string;
}

const START: Readonly<Record<string, string>> = {
  TOKEN_REFUSED:
    'Your account may not charge here. Your access may be blocked or expired: ask your operator.',
  CONNECTOR_BUSY: 'Another car is using this connector. Choose another one.',
  CONNECTOR_FAULTED: 'This connector reports a fault. Choose another one; the operator knows.',
  STATION_OFFLINE: 'The station is offline. Choose another one, or use your card at the station.',
  STATION_REFUSED:
    'The station declined to start. Check that the cable is plugged in firmly, then try again.',
  STATION_SILENT:
    'The station did not answer in time. It may still start: look at its display before you try again.',
};

/** Why a start was refused and what to do next; the platform's own words for a reason this page does not know. */
export function startRefusalText({ reason, message }: { reason: string; message: string }): string {
  return START[reason] ?? message;
}

const STOP: Readonly<Record<string, string>> = {
  ALREADY_ENDED: 'This session has already ended.',
  STATION_OFFLINE:
    'The station is offline, so it cannot be told to stop. Use your card at the station, or unlock the cable from the car.',
  STATION_REFUSED: 'The station declined to stop. Try again, or stop with your card at the station.',
  STATION_SILENT:
    'The station did not answer in time. It may still stop: watch the power above before you try again.',
};

export function stopRefusalText({ reason, message }: { reason: string; message: string }): string {
  return STOP[reason] ?? message;
}

export const STOP_REQUESTED =
  'The station was told to stop. Power drops to zero in a moment, then the session ends.';

const SIGN_IN: Readonly<Record<string, string>> = {
  WRONG_CREDENTIALS: 'E-mail or password is wrong. Check both and try again.',
  INACTIVE: 'This account is switched off. Ask your operator to switch it on.',
  REFRESH_TOKEN_INVALID: 'Your sign-in has ended. Sign in again.',
  EMAIL_NOT_VERIFIED: 'Confirm your e-mail address first: open the link in the mail that you got.',
  CHALLENGE_INVALID: 'This took too long, or was done already. Sign in again.',
  PROVIDER_REFUSED:
    'The provider did not vouch for you, or you have no right here. Try again, or ask your operator for access.',
  CODE_NEEDED: 'Enter the code of your authenticator app.',
  ENROLMENT_NEEDED: 'Your operator wants a second factor: set one up with the app or a passkey first.',
};

/** What a new password must be (apps/auth: domain/password-policy.ts). */
export const PASSWORD_HINT =
  'At least ten characters, not made of your name, and not one that everybody guesses first.';

/** A code by time has digits alone; with letters it is one of the recovery codes. */
export function codeProof(entered: string): { code: string } | { recoveryCode: string } {
  const text = entered.trim();
  return /[a-z]/i.test(text) ? { recoveryCode: text } : { code: text.replaceAll(/\s/g, '') };
}

const REFUSED = 'Signing in was refused. Try another way to sign in, or ask your operator.';

export function signInRefusalText(refusal: { reason: string; retryAfterSeconds: number | null }): string {
  if (refusal.reason !== 'RATE_LIMITED') return SIGN_IN[refusal.reason] ?? REFUSED;
  const seconds = refusal.retryAfterSeconds ?? 60;
  const wait =
    seconds < 90
      ? `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`
      : `${Math.ceil(seconds / 60)} minutes`;
  return `Too many attempts. Wait ${wait}, then try again.`;
}

/** What became of a command, for the operator. `what` is a noun phrase: `Reset`. */
export function commandOutcome(what: string, result: CommandParts): Outcome {
  const detail = result.status ? ` (${result.status})` : '';
  switch (result.outcome) {
    case 'ACCEPTED':
      return result.status === 'Scheduled'
        ? { tone: 'good', text: `${what}: accepted, the station does it once it is free.` }
        : { tone: 'good', text: `${what}: the station accepted${detail}.` };
    case 'REJECTED':
      return { tone: 'warn', text: `${what}: the station declined${detail}.` };
    case 'CHARGER_ERROR': {
      const error = [result.errorCode, result.errorDescription].filter(Boolean).join(': ');
      return {
        tone: 'bad',
        text: `${what}: the station answered with an error${error ? ` (${error})` : ''}.`,
      };
    }
    case 'OFFLINE':
      return { tone: 'bad', text: `${what}: the station is offline. Nothing was sent.` };
    case 'UNKNOWN':
      return {
        tone: 'warn',
        text: `${what}: no answer in time. The station may or may not have acted; watch its state.`,
      };
  }
}
