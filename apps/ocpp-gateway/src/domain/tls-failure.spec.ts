import { expect, it } from 'vitest';
import { adviceFor } from './refusal-advice.js';
import { tlsFailure } from './tls-failure.js';

it.each([
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'tls_version'],
  ['ERR_SSL_NO_SHARED_CIPHER', 'tls_suites'],
  ['ERR_SSL_HTTP_REQUEST', 'tls_missing'],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'tls_server_distrusted'],
  ['ERR_SSL_SOMETHING_NEW', 'tls_handshake'],
])('Q7: %s is told to the operator as %s, with advice', (code, reason) => {
  expect(tlsFailure(code)).toBe(reason);
  expect(adviceFor(reason)).not.toBe('');
});

it.each(['ECONNRESET', 'ERR_TLS_HANDSHAKE_TIMEOUT', undefined])(
  '%s is nobody: a health check or a scanner',
  (code) => {
    expect(tlsFailure(code)).toBeUndefined();
  },
);
