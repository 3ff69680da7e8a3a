import { CombinedGraphQLErrors } from '@apollo/client';
import { describe, expect, it } from 'vitest';
import { errorCode, errorSentence, errorText } from './error-text.js';

const graphqlError = (code: string, message: string) =>
  new CombinedGraphQLErrors({ errors: [{ message, extensions: { code } }] });

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
