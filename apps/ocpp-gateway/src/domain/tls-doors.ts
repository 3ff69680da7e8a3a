/**
 * What stations may speak at a door of ours (docs/ocpp-notes.md Q7). The usual door takes TLS 1.2 and 1.3 with the suites that
 * OCPP wants (1.6 security white paper, 2.0.1 part 2 A00.FR.306-318). Old firmware that cannot do that is served at a door of its
 * own, so that its weakness is no other station's: it is opened by name, never by fallback.
 */

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

export interface TlsDoor {
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion;
  /** OpenSSL names, best first. */
  readonly ciphers: string;
}

const MODERN = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384',
  // Mandated for stations without elliptic curves.
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
];
const OLD = ['ECDHE-ECDSA-AES128-SHA', 'ECDHE-RSA-AES128-SHA', 'AES128-SHA', 'AES256-SHA'];

export const TLS_DOORS: Readonly<Record<'usual' | 'legacy', TlsDoor>> = {
  usual: { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3', ciphers: MODERN.join(':') },
  // SHA-1 signatures, which TLS 1.0 is made with, are below OpenSSL's usual security level.
  legacy: {
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.2',
    ciphers: [...MODERN, ...OLD, '@SECLEVEL=0'].join(':'),
  },
};
