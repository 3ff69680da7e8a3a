import type { RefusalReason } from './refusal-advice.js';

const REASONS: Readonly<Record<string, RefusalReason>> = {
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'tls_version',
  ERR_SSL_VERSION_TOO_LOW: 'tls_version',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'tls_version',
  ERR_SSL_NO_SHARED_CIPHER: 'tls_suites',
  ERR_SSL_HTTP_REQUEST: 'tls_missing',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'tls_server_distrusted',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'tls_server_distrusted',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'tls_server_distrusted',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'tls_server_distrusted',
  ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE: 'tls_server_distrusted',
};

/**
 * Why a TLS handshake failed, for the connection log (Q7); undefined when there is nothing to tell: load balancers and scanners
 * that connect and leave, or say nothing, are no chargers.
 */
export function tlsFailure(code: string | undefined): RefusalReason | undefined {
  if (code === undefined) return undefined;
  return REASONS[code] ?? (code.startsWith('ERR_SSL_') ? 'tls_handshake' : undefined);
}
