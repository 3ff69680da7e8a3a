import { describe, expect, it } from 'vitest';
import {
  AppError,
  ERROR_TABLE,
  conflict,
  forbidden,
  internal,
  invalid,
  isAppError,
  notFound,
  precondition,
  rateLimited,
  timeout,
  toAppError,
  unauthenticated,
  unavailable,
} from './errors.js';

describe('ERROR_TABLE', () => {
  it('gives every kind its own gRPC code', () => {
    const codes = Object.values(ERROR_TABLE).map((row) => row.grpc);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('maps the kinds to the documented gRPC numbers', () => {
    const numbers = Object.fromEntries(Object.entries(ERROR_TABLE).map(([kind, row]) => [kind, row.grpc]));
    expect(numbers).toEqual({
      INVALID: 3,
      UNAUTHENTICATED: 16,
      FORBIDDEN: 7,
      NOT_FOUND: 5,
      CONFLICT: 10,
      PRECONDITION: 9,
      RATE_LIMITED: 8,
      UNAVAILABLE: 14,
      TIMEOUT: 4,
      INTERNAL: 13,
    });
  });

  it('closes the socket when a transaction message fails for now, so that the charger keeps it', () => {
    const closed = Object.entries(ERROR_TABLE).filter(([, row]) => row.ocpp.transaction === 'close');
    expect(closed.map(([kind]) => kind)).toEqual(['RATE_LIMITED', 'UNAVAILABLE', 'TIMEOUT']);
  });

  it('retries only what may get better by itself', () => {
    const retried = Object.entries(ERROR_TABLE).filter(([, row]) => row.consumer !== 'DEAD_LETTER');
    expect(retried.map(([kind]) => kind)).toEqual([
      'NOT_FOUND',
      'CONFLICT',
      'RATE_LIMITED',
      'UNAVAILABLE',
      'TIMEOUT',
      'INTERNAL',
    ]);
  });
});

describe('AppError', () => {
  it.each([
    ['INVALID', invalid],
    ['UNAUTHENTICATED', unauthenticated],
    ['FORBIDDEN', forbidden],
    ['NOT_FOUND', notFound],
    ['CONFLICT', conflict],
    ['PRECONDITION', precondition],
    ['RATE_LIMITED', rateLimited],
    ['UNAVAILABLE', unavailable],
    ['TIMEOUT', timeout],
    ['INTERNAL', internal],
  ] as const)('of kind %s carries code, public text, details and cause', (kind, make) => {
    const cause = new Error('driver said no');
    const error = make('SOME_CODE', 'A sentence.', { row: 7 }, cause);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ kind, code: 'SOME_CODE', publicText: 'A sentence.', details: { row: 7 } });
    expect(error.cause).toBe(cause);
  });

  it('has empty details and no cause when none are given', () => {
    const error = invalid('SOME_CODE', 'A sentence.');
    expect(error.details).toEqual({});
    expect('cause' in error).toBe(false);
  });
});

describe('toAppError', () => {
  it('returns an AppError unchanged', () => {
    const error = notFound('SESSION_NOT_FOUND', 'There is no such session.');
    expect(toAppError(error)).toBe(error);
  });

  it('hides the message of a foreign error', () => {
    const error = toAppError(new Error('password=hunter2 at 10.0.0.3'));
    expect(error.kind).toBe('INTERNAL');
    expect(`${error.message}${error.publicText}`).not.toContain('hunter2');
    expect((error.cause as Error).message).toContain('hunter2');
  });

  it('reads an aborted or timed out operation as TIMEOUT', () => {
    expect(toAppError(new DOMException('late', 'TimeoutError')).kind).toBe('TIMEOUT');
    expect(toAppError(new DOMException('gone', 'AbortError')).kind).toBe('TIMEOUT');
  });

  it.each([[undefined], [null], ['text'], [42], [{}]])('accepts %s as thrown value', (thrown) => {
    expect(toAppError(thrown).kind).toBe('INTERNAL');
    expect(isAppError(thrown)).toBe(false);
  });
});
