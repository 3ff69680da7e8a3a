import { invalid, notFound } from '@kilowatch/kernel';
import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../log/logger.js';
import { formatError } from './format-error.js';

const format = formatError(createLogger({ service: 'test', level: 'silent' }));
/** As Apollo hands it over: its own formatting first, the thrown error beside it. */
const apollo = (thrown: unknown, code = 'INTERNAL_SERVER_ERROR') =>
  format(
    { message: String(thrown), path: ['session'], extensions: { code, stacktrace: ['at secret.ts'] } },
    thrown,
  );
const located = (cause: Error) =>
  new GraphQLError(cause.message, { originalError: cause, path: ['session'] });

describe('formatError', () => {
  it('gives kind, code and public text of an application error', () => {
    expect(
      apollo(located(notFound('SESSION_NOT_FOUND', 'There is no such session', { id: 'private' }))),
    ).toEqual({
      message: 'There is no such session',
      path: ['session'],
      extensions: { code: 'NOT_FOUND', reason: 'SESSION_NOT_FOUND' },
    });
  });

  it('never shows the message, code or stack of a library', () => {
    const error = Object.assign(new Error('relation "wallet" does not exist'), {
      code: '42P01',
      response: { statusCode: 418 },
      status: 418,
    });
    const shown = JSON.stringify(apollo(located(error)));
    expect(shown).not.toMatch(/wallet|42P01|418|stack|secret/);
    expect(JSON.parse(shown)).toMatchObject({
      extensions: { code: 'INTERNAL_SERVER_ERROR', reason: 'INTERNAL' },
    });
  });

  it('does not believe the code of a GraphQL error that a library threw in a resolver', () => {
    const error = new GraphQLError('select * from wallet', { extensions: { code: 'WHATEVER' } });
    expect(apollo(error, 'WHATEVER')).toMatchObject({ extensions: { code: 'INTERNAL_SERVER_ERROR' } });
  });

  it('keeps validation errors of the operation readable', () => {
    const error = new GraphQLError('Cannot query field "x" on type "Query".', {
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
    expect(apollo(error, 'GRAPHQL_VALIDATION_FAILED')).toMatchObject({
      message: error.message,
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
  });

  it('unwraps the error of the context function', () => {
    const wrapped = new GraphQLError('Context creation failed', { originalError: invalid('X', 'Text') });
    expect(apollo(wrapped)).toMatchObject({
      message: 'Text',
      extensions: { code: 'BAD_USER_INPUT', reason: 'X' },
    });
  });
});
