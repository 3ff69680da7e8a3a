import { unavailable } from '@kilowatch/kernel';
import { createLogger } from '@kilowatch/platform';
import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { formatError } from './format-error.js';

const logger = createLogger({ service: 'test', level: 'silent' });

function format(extensions: Record<string, unknown>, options: { development?: boolean; cause?: Error } = {}) {
  const thrown = new GraphQLError('inner text', {
    path: ['session'],
    extensions,
    ...(options.cause ? { originalError: options.cause } : {}),
  });
  return formatError(logger, options.development ?? false)(thrown.toJSON(), thrown);
}

const HIDDEN = {
  message: 'Something went wrong on our side.',
  path: ['session'],
  extensions: { code: 'INTERNAL_SERVER_ERROR', reason: 'INTERNAL' },
};

describe('formatError', () => {
  it('shows what a subgraph refused by the error table', () => {
    expect(
      format({ code: 'NOT_FOUND', reason: 'SESSION_NOT_FOUND', serviceName: 'sessions', more: 1 }),
    ).toEqual({
      message: 'inner text',
      path: ['session'],
      extensions: { code: 'NOT_FOUND', reason: 'SESSION_NOT_FOUND' },
    });
  });

  it.each([
    ['a code outside the table', { code: 'DOWNSTREAM_SERVICE_ERROR', serviceName: 'sessions' }],
    ['no code', { serviceName: 'sessions' }],
    ['a document our own plan got wrong', { code: 'GRAPHQL_VALIDATION_FAILED', serviceName: 'sessions' }],
    [
      'a refusal of our own service token',
      { code: 'UNAUTHENTICATED', reason: 'SERVICE_TOKEN_REFUSED', serviceName: 'auth' },
    ],
    ['a bug of the gateway', { code: 'INTERNAL_SERVER_ERROR' }],
  ])('hides %s', (_what, extensions) => {
    expect(format(extensions)).toEqual(HIDDEN);
  });

  it('shows what is wrong with the client’s own document', () => {
    expect(format({ code: 'GRAPHQL_VALIDATION_FAILED', stacktrace: ['x'] })).toMatchObject({
      message: 'inner text',
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
  });

  it('takes kind and text from an error of ours', () => {
    const cause = unavailable('SUBGRAPH_UNAVAILABLE', 'Please try again.', { host: '10.0.0.1' });
    expect(format({}, { cause })).toEqual({
      message: 'Please try again.',
      path: ['session'],
      extensions: { code: 'SERVICE_UNAVAILABLE', reason: 'SUBGRAPH_UNAVAILABLE' },
    });
  });

  it('names the subgraph in development', () => {
    const shown = format({ code: 'NOT_FOUND', serviceName: 'sessions' }, { development: true });
    expect(shown.extensions).toEqual({ code: 'NOT_FOUND', serviceName: 'sessions' });
  });
});
