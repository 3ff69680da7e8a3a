import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { AppError, ERROR_TABLE, unauthenticated, type ErrorKind } from '@kilowatch/kernel';
import { describe, expect, it } from 'vitest';
import { SERVICE_TOKEN_REFUSED } from '../auth/service-tokens.js';
import { errorFromStatus, statusFromError } from './metadata.js';

const thrown = (
  code: status,
  metadata = new Metadata(),
  details = 'secret text of a library',
): ServiceError => Object.assign(new Error(details), { code, details, metadata });

describe('errors over gRPC', () => {
  it.each(Object.keys(ERROR_TABLE) as ErrorKind[])(
    'carry %s with its code and text, and not its details',
    (kind) => {
      const sent = statusFromError(
        new AppError({
          kind,
          code: 'SOME_CODE',
          publicText: 'Zähler läuft rückwärts',
          details: { secret: 's3cret' },
        }),
      );
      expect(JSON.stringify([sent.details, sent.metadata.toJSON()])).not.toContain('s3cret');
      expect(errorFromStatus(thrown(sent.code, sent.metadata), '/a/b')).toMatchObject({
        kind,
        code: 'SOME_CODE',
        publicText: 'Zähler läuft rückwärts',
      });
    },
  );

  it.each([
    [status.DEADLINE_EXCEEDED, 'TIMEOUT'],
    [status.UNAVAILABLE, 'UNAVAILABLE'],
    [status.CANCELLED, 'UNAVAILABLE'],
    [status.UNIMPLEMENTED, 'INTERNAL'],
    [status.UNKNOWN, 'INTERNAL'],
  ])('of the transport with status %i become %s without the text of the library', (code, kind) => {
    const error = errorFromStatus(thrown(code), '/a/b');
    expect(error.kind).toBe(kind);
    expect(error.message).not.toContain('secret');
  });

  it('make a refused service token our own fault, not the user’s', () => {
    const { code, metadata } = statusFromError(unauthenticated(SERVICE_TOKEN_REFUSED, 'no'));
    expect(errorFromStatus(thrown(code, metadata), '/a/b').kind).toBe('INTERNAL');
  });

  it('with a kind nobody knows are INTERNAL', () => {
    const metadata = new Metadata();
    metadata.set('kilowatch-error-kind', 'toString');
    metadata.set('kilowatch-error-code', 'X');
    expect(errorFromStatus(thrown(status.UNKNOWN, metadata), '/a/b').kind).toBe('INTERNAL');
  });
});
