import { CombinedGraphQLErrors } from '@apollo/client';

export interface ErrorText {
  readonly title: string;
  /** What the reader can do. */
  readonly advice: string;
}

const UNREACHABLE: ErrorText = {
  title: 'Kilowatch cannot be reached',
  advice: 'Check your connection. This page fills by itself once it is back, or try again now.',
};

const BY_CODE: Readonly<Record<string, ErrorText>> = {
  UNAUTHENTICATED: { title: 'Your sign-in has ended', advice: 'Sign in again to go on.' },
  FORBIDDEN: {
    title: 'You may not see this',
    advice: 'Ask an administrator for the right, or go back to where you were.',
  },
  NOT_FOUND: {
    title: 'Nothing here',
    advice: 'It may have been removed, or it belongs to somebody else. Go back and choose again.',
  },
  CONFLICT: { title: 'Somebody was faster', advice: 'Reload to see how it stands now, then decide again.' },
  RATE_LIMITED: { title: 'Too many requests', advice: 'Wait a minute, then try again.' },
  SERVICE_UNAVAILABLE: {
    title: 'This part is not available right now',
    advice: 'It is usually back within a minute. Try again then.',
  },
};

/** Codes whose message the platform wrote for people. */
const SPOKEN: ReadonlySet<string> = new Set(['BAD_USER_INPUT', 'FAILED_PRECONDITION']);

/** Reasons about accounts: the platform's message is for the person at the form; here is what it leaves out. */
const BY_REASON: Readonly<Record<string, string>> = {
  AUTH_PASSWORD_WRONG: 'Check it and try again.',
  AUTH_PASSWORD_LIMIT: 'Then try again.',
  AUTH_CODE: 'Wait until your app shows the next code, then enter that one.',
  AUTH_CODE_LIMIT: 'Then try again.',
  AUTH_CHALLENGE: '',
  AUTH_LINK: '',
  AUTH_EXTERNAL: '',
  AUTH_REGISTRATION_CLOSED: '',
  AUTH_REGISTRATION_LIMIT: 'Then try again.',
  AUTH_TOTP_EXISTS: 'Load this page again to see how it stands.',
  AUTH_SECOND_FACTOR_WANTED: 'Renew the recovery codes instead, or ask there.',
  AUTH_PASSKEY_KNOWN: 'Use it to sign in, or choose another device.',
  AUTH_PASSKEYS_FULL: '',
  AUTH_TOKEN_NOT_YOURS: '',
  AUTH_CLIENT_REVOKED: '',
};

/** UNAUTHENTICATED for these is about what was entered, not about who is signed in. */
const OF_THE_FORM: ReadonlySet<string> = new Set(['AUTH_PASSWORD_WRONG', 'AUTH_CHALLENGE']);

/** The platform took the access token for no good one: another may do. */
export function isTokenRefused(error: unknown): boolean {
  if (!CombinedGraphQLErrors.is(error)) return false;
  return error.errors.some(
    ({ extensions }) =>
      extensions?.['code'] === 'UNAUTHENTICATED' && !OF_THE_FORM.has(String(extensions['reason'])),
  );
}

/** Why exactly, in the platform's own name for it: `AUTH_LINK`. */
export function errorReason(error: unknown): string | undefined {
  if (!CombinedGraphQLErrors.is(error)) return undefined;
  const reason: unknown = error.errors[0]?.extensions?.['reason'];
  return typeof reason === 'string' ? reason : undefined;
}

export function errorCode(error: unknown): string | undefined {
  if (!CombinedGraphQLErrors.is(error)) return undefined;
  const code: unknown = error.errors[0]?.extensions?.['code'];
  return typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR';
}

/** What went wrong and what to do about it, in words. Never shows a library's message. */
export function errorText(error: unknown): ErrorText {
  const code = errorCode(error);
  if (code === undefined) return UNREACHABLE;
  const told = BY_REASON[errorReason(error) ?? ''];
  if (told !== undefined && CombinedGraphQLErrors.is(error))
    return { title: error.errors[0]!.message, advice: told };
  if (SPOKEN.has(code) && CombinedGraphQLErrors.is(error)) {
    return { title: error.errors[0]?.message ?? 'That did not work', advice: 'Change it and try again.' };
  }
  return (
    BY_CODE[code] ?? {
      title: 'Something went wrong on our side',
      advice: 'It was recorded. Try again; if it stays, tell your operator when it happened.',
    }
  );
}

/** The same as one sentence, for notices beside a button. */
export function errorSentence(error: unknown): string {
  const { title, advice } = errorText(error);
  return `${title.replace(/[.!]$/, '')}. ${advice}`.trim();
}
