import { errorCode, errorSentence } from '../api/error-text.js';
import { signInRefusalText } from './outcome-words.js';

/** By the name of the browser's error (WebAuthn level 3, 5.1.3 and 5.1.4). It tells little on purpose. */
const BY_NAME: Readonly<Record<string, string>> = {
  NotAllowedError:
    'No passkey was given: it was cancelled, took too long, or there is none for Kilowatch on this device. Try again, or sign in another way.',
  AbortError: 'It was cancelled. Try again.',
  InvalidStateError:
    'This device has a passkey for your account already. Use that one, or choose another device.',
  ConstraintError:
    'This device cannot check who you are. Set up a screen lock or PIN on it, or use another one.',
  NotSupportedError: 'This device cannot make such a passkey. Use another one.',
  SecurityError: 'Passkeys do not work at this address. Open Kilowatch at its own address over https.',
};

/** Why a ceremony with a passkey came to nothing, whether the browser or the platform ended it. */
export function passkeyErrorText(error: unknown): string {
  if (errorCode(error) !== undefined) return errorSentence(error);
  if (!(error instanceof Error)) return errorSentence(error);
  // @simplewebauthn wraps the browser's error and keeps its name; what it wraps may have another.
  const named = BY_NAME[error.name] ?? BY_NAME[error.cause instanceof Error ? error.cause.name : ''];
  if (named) return named;
  if (/not supported/i.test(error.message))
    return 'This browser has no passkeys. Use a newer one, or sign in another way.';
  return errorSentence(error);
}

/** Why the platform did not take what a passkey signed. */
export function passkeyRefusalText(refusal: { reason: string; retryAfterSeconds: number | null }): string {
  return refusal.reason === 'WRONG_CREDENTIALS'
    ? 'This passkey is not known here any more. Sign in another way, and remove it from your device.'
    : signInRefusalText(refusal);
}
