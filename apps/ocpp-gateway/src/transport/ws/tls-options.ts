import { constants } from 'node:crypto';
import type { TlsOptions } from 'node:tls';
import type { PortKind } from './charger-port.js';

export interface TlsMaterial {
  /** One or two pairs (EC, RSA): OpenSSL takes the one the charger can use. */
  readonly cert: string[];
  readonly key: string[];
  readonly stationCa: string;
}

/** Forward secrecy first; the last two are mandated by OCPP (A00.FR.319) for chargers that know nothing better. */
const SUITES = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
];
/** What TLS 1.0 and 1.1 have at all, without RC4 and triple DES (Q7). */
const OLD_SUITES = [
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-RSA-AES256-SHA',
  'AES128-SHA',
  'AES256-SHA',
];

const { SSL_OP_NO_COMPRESSION, SSL_OP_NO_RENEGOTIATION, SSL_OP_NO_TICKET } = constants;
const NEVER = SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION;

/** How a port speaks TLS; also what it is given when certificates change. */
export function tlsOptions(
  kind: Exclude<PortKind, 'plain'>,
  { cert, key, stationCa }: TlsMaterial,
): TlsOptions {
  const legacy = kind === 'legacy_tls';
  const suites = legacy ? [...SUITES, ...OLD_SUITES] : SUITES;
  return {
    cert,
    key,
    minVersion: legacy ? 'TLSv1' : 'TLSv1.2',
    // Level 2: no key below 112 bits, no SHA-1 signature. TLS 1.0 and 1.1 sign with SHA-1, which only level 0 allows.
    ciphers: `${suites.join(':')}:@SECLEVEL=${legacy ? 0 : 2}`,
    honorCipherOrder: true,
    secureOptions: NEVER,
    // A resumed session skips the check of the certificate, which may have expired, or whose CA may be gone: none is resumed.
    ...(kind === 'mtls'
      ? {
          // Without one of the platform's, auth alone decides; left out, it would be the public CAs of the web.
          ca: stationCa === '' ? [] : stationCa,
          requestCert: true,
          rejectUnauthorized: false,
          secureOptions: NEVER | SSL_OP_NO_TICKET,
        }
      : {}),
  };
}
