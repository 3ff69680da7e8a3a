import type { SignInSessionParts } from '../api/documents/security.js';
import type { Outcome } from './outcome-words.js';

const METHODS: Readonly<Record<SignInSessionParts['method'], string>> = {
  PASSWORD: 'with the password',
  PASSWORD_AND_CODE: 'with password and code',
  PASSKEY: 'with a passkey',
  PROVIDER: 'with a provider',
};

/** How somebody signed in. */
export function signInMethodText(method: SignInSessionParts['method']): string {
  return METHODS[method] ?? 'signed in';
}

/** What became of the sign-ins that were to be ended. */
export function endedText(ended: number): string {
  if (ended === 0) return 'No other sign-in was open.';
  const what = ended === 1 ? 'One sign-in is ended' : `${ended} sign-ins are ended`;
  return `${what}. What is open there closes within a quarter of an hour.`;
}

const FEW = 3;

/** How many recovery codes are left, and when to make new ones. */
export function recoveryCodesText(left: number): Outcome {
  if (left === 0)
    return {
      tone: 'bad',
      text: 'No recovery codes are left. Make new ones now: without them a lost phone locks you out.',
    };
  const count = left === 1 ? 'One recovery code is left' : `${left} recovery codes are left`;
  return left <= FEW
    ? { tone: 'warn', text: `${count}. Make new ones before they run out.` }
    : { tone: 'info', text: `${count}, for when you have no phone.` };
}
