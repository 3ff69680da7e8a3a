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

export function errorCode(error: unknown): string | undefined {
  if (!CombinedGraphQLErrors.is(error)) return undefined;
  const code: unknown = error.errors[0]?.extensions?.['code'];
  return typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR';
}

/** What went wrong and what to do about it, in words. Never shows a library's message. */
export function errorText(error: unknown): ErrorText {
  const code = errorCode(error);
  if (code === undefined) return UNREACHABLE;
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
  return `${title.replace(/[.!]$/, '')}. ${advice}`;
}
