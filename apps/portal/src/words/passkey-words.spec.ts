import { CombinedGraphQLErrors } from '@apollo/client';
import { WebAuthnError } from '@simplewebauthn/browser';
import { describe, expect, it } from 'vitest';
import { passkeyErrorText, passkeyRefusalText } from './passkey-words.js';

const named = (name: string) => new DOMException('', name);

describe('why a passkey came to nothing', () => {
  it.each([
    'NotAllowedError',
    'AbortError',
    'InvalidStateError',
    'ConstraintError',
    'NotSupportedError',
    'SecurityError',
  ])('is told for %s with what to do, also when the library wrapped it', (name) => {
    const text = passkeyErrorText(named(name));
    expect(text).toMatch(/[Tt]ry again|[Uu]se |Set up|Open /);
    const wrapped = new WebAuthnError({
      message: 'inner words',
      code: 'ERROR_PASSTHROUGH_SEE_CAUSE_PROPERTY',
      cause: named(name),
    });
    expect(passkeyErrorText(wrapped)).toBe(text);
  });

  it('is told for a browser without passkeys', () => {
    expect(passkeyErrorText(new Error('WebAuthn is not supported in this browser'))).toContain('newer one');
  });

  it('is in the platform’s words when the platform refused', () => {
    const error = new CombinedGraphQLErrors({
      errors: [
        {
          message: 'The password is wrong.',
          extensions: { code: 'UNAUTHENTICATED', reason: 'AUTH_PASSWORD_WRONG' },
        },
      ],
    });
    expect(passkeyErrorText(error)).toBe('The password is wrong. Check it and try again.');
  });

  it('never shows a library’s message', () => {
    expect(passkeyErrorText(new Error('inner words'))).not.toContain('inner words');
    expect(passkeyErrorText('inner words')).not.toContain('inner words');
  });
});

it('does not speak of a password when a passkey is refused', () => {
  const refused = (reason: string) => passkeyRefusalText({ reason, retryAfterSeconds: null });
  expect(refused('WRONG_CREDENTIALS')).toMatch(/not known here any more\. Sign in another way/);
  expect(refused('INACTIVE')).toContain('switched off');
});
