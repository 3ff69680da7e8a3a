import { CombinedGraphQLErrors } from '@apollo/client';
import { describe, expect, it } from 'vitest';
import { errorCode, errorReason, errorSentence, errorText, isTokenRefused } from './error-text.js';

const graphqlError = (code: string, message: string, reason?: string) =>
  new CombinedGraphQLErrors({ errors: [{ message, extensions: { code, reason } }] });

describe('errorText', () => {
  it('takes an error without an answer for a lost connection', () => {
    expect(errorText(new TypeError('Failed to fetch')).title).toBe('Kilowatch cannot be reached');
  });

  it.each([
    'UNAUTHENTICATED',
    'FORBIDDEN',
    'NOT_FOUND',
    'CONFLICT',
    'RATE_LIMITED',
    'SERVICE_UNAVAILABLE',
    'INTERNAL_SERVER_ERROR',
  ])('says what to do about %s and hides the message', (code) => {
    const { title, advice } = errorText(graphqlError(code, 'SELECT * FROM secrets'));
    expect(`${title} ${advice}`).not.toContain('secrets');
    expect(advice).not.toBe('');
  });

  it('passes on what the platform wrote for people', () => {
    const error = graphqlError('BAD_USER_INPUT', 'A score is 1 to 5.');
    expect(errorSentence(error)).toBe('A score is 1 to 5. Change it and try again.');
    expect(errorCode(error)).toBe('BAD_USER_INPUT');
  });
});

describe('what a form about an account was refused for', () => {
  it('is told in the platform’s words, with what they leave out', () => {
    const wrong = graphqlError('UNAUTHENTICATED', 'The password is wrong.', 'AUTH_PASSWORD_WRONG');
    expect(errorSentence(wrong)).toBe('The password is wrong. Check it and try again.');
    const dead = graphqlError('FAILED_PRECONDITION', 'This link is too old. Ask for a new one.', 'AUTH_LINK');
    expect(errorSentence(dead)).toBe('This link is too old. Ask for a new one.');
    expect(errorReason(dead)).toBe('AUTH_LINK');
    expect(errorReason(new TypeError('Failed to fetch'))).toBeUndefined();
  });

  it('says how long to wait', () => {
    const limited = graphqlError('RATE_LIMITED', 'Too many wrong codes. Wait 60 s.', 'AUTH_CODE_LIMIT');
    expect(errorSentence(limited)).toBe('Too many wrong codes. Wait 60 s. Then try again.');
  });
});

describe('isTokenRefused', () => {
  it('tells a spent access token from a wrong password, which must not be sent twice', () => {
    const of = (code: string, reason?: string) => isTokenRefused(graphqlError(code, '', reason));
    expect(of('UNAUTHENTICATED', 'AUTH_TOKEN_REFUSED')).toBe(true);
    expect(of('UNAUTHENTICATED', 'AUTH_REQUIRED')).toBe(true);
    expect(of('UNAUTHENTICATED')).toBe(true);
    expect(of('UNAUTHENTICATED', 'AUTH_PASSWORD_WRONG')).toBe(false);
    expect(of('UNAUTHENTICATED', 'AUTH_CHALLENGE')).toBe(false);
    expect(of('FORBIDDEN')).toBe(false);
    expect(isTokenRefused(new TypeError('Failed to fetch'))).toBe(false);
  });
});
