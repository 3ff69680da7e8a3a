/** Why a charger was not let in, and what the person who set it up can do about it. The reasons are those of the door. */
export const REFUSAL_ADVICE = {
  wrong_prefix:
    'The path must begin with /ocpp/. Set the URL of the charger to ws://HOST:PORT/ocpp/IDENTITY.',
  no_identity: 'The path names no charger. Add its identity at the end: /ocpp/IDENTITY.',
  bad_encoding: 'The percent-encoding of the path is broken. Use an identity of letters, digits and hyphens.',
  bad_identity: 'The identity holds characters that no identity may have, or is longer than 64.',
  bad_tenant: 'The part before the identity is no name of a tenant: small letters, digits and hyphens.',
  too_many_segments: 'The path has too many parts. It is /ocpp/IDENTITY or /ocpp/TENANT/IDENTITY.',
  malformed_credentials:
    'The Authorization header is no Basic authentication. Set user name = identity and a password.',
  unknown_station:
    'No station has this identity. Import it, or correct the identity in the charger (letters are compared without case).',
  bad_credentials:
    'The password is wrong or missing. Set the password of the import in the charger (1.6: AuthorizationKey).',
  profile_mismatch:
    'The connection is less secure than the station was provisioned for. Use wss://, the password, or the certificate on its own port, as its security profile asks.',
  client_certificate_missing:
    'The station showed no certificate on the port that asks for one. Install one, or use the port for passwords.',
  profile_downgrade:
    'The station came with a higher security profile before, and must not go below it. If its controller was replaced, allow it once (allowLowerSecurityProfile).',
  client_certificate_untrusted:
    'No CA of the operator vouches for the certificate of the station (`kw trust list`), nor one in KW_OCPP_STATION_CA, or it is not one for TLS clients. Install one of a trusted CA, with its chain.',
  client_certificate_expired:
    'The certificate of the station has expired. Let it in once to renew it (allowExpiredStationCertificate), or install a new one.',
  client_certificate_wrong_name:
    'The certificate was issued for another station: its common name must be the identity. Check for swapped stations.',
  client_certificate_wrong_organisation:
    'The organisation in the certificate is not the operator the station belongs to (KW_STATION_CERTIFICATES of auth).',
  client_certificate_revoked:
    'The certificate of the station was revoked. If the station is genuine, set it up anew with a password and have a new certificate signed.',
  client_certificate_superseded:
    'The station has a newer certificate and came with it before; the old one counts no longer. Somebody may hold a copy of the old key.',
  tls_version:
    'The charger offers only TLS versions that are not served here. Update it, or use the port for TLS 1.0 and 1.1 (KW_OCPP_LEGACY_TLS_PORT).',
  tls_suites:
    'The charger and this port share no cipher suite. A charger without ECDSA needs an RSA certificate here (KW_OCPP_TLS_RSA_CERT).',
  tls_missing: 'The charger speaks plain HTTP to a TLS port. Use wss:// in its URL, or the port without TLS.',
  tls_server_distrusted:
    'The charger does not trust the certificate of this gateway. Install its root in the charger, and serve the whole chain.',
  tls_handshake: 'The TLS handshake failed for another reason; the log of the gateway has the code.',
  rate_limited: 'Too many failed attempts. It may try again after a pause; correct the password first.',
  verdict_unknown: 'The services do not understand each other: an update is under way or failed.',
  auth_unavailable: 'Credentials could not be checked for a moment. The charger comes back by itself.',
  subprotocol_missing:
    'The charger offers no OCPP version (Sec-WebSocket-Protocol). Update it, or allow the missing subprotocol for this station.',
  subprotocol_unsupported: 'None of the OCPP versions it offers is served here: ocpp1.6, ocpp2.0.1, ocpp2.1.',
  handshake: 'The request is no WebSocket handshake. A browser or a health check, perhaps.',
  browser_origin: 'A web page of another origin asked. Chargers send no browser headers.',
  draining: 'This gateway was being replaced. The charger comes back by itself.',
  handshakes: 'Too many chargers came at once. The charger comes back by itself.',
  accept_rate: 'Chargers are let in at a steady pace after an outage. The charger comes back by itself.',
  tenant_full:
    'The tenant has as many connections as one gateway process may hold for it. Ask who runs the platform.',
  not_taken: 'The connection could not be written to the database. The charger comes back by itself.',
  left_or_draining: 'The charger hung up during the handshake, or the gateway was being replaced.',
} as const;

export type RefusalReason = keyof typeof REFUSAL_ADVICE;

/** Somebody may be playing a station: these leave a line in the audit. */
const SUSPICIOUS: ReadonlySet<RefusalReason> = new Set([
  'profile_mismatch',
  'client_certificate_missing',
  'client_certificate_untrusted',
  'client_certificate_expired',
  'client_certificate_wrong_name',
  'client_certificate_wrong_organisation',
  'client_certificate_revoked',
  'client_certificate_superseded',
  'profile_downgrade',
]);

export function isSuspicious(reason: RefusalReason): boolean {
  return SUSPICIOUS.has(reason);
}

/** Who they are was in doubt: what a watcher of attempts must hear of. Paths, protocols and the pace of arrivals say nothing about that. */
const ABOUT_IDENTITY: ReadonlySet<RefusalReason> = new Set([
  ...SUSPICIOUS,
  'malformed_credentials',
  'unknown_station',
  'bad_credentials',
  'rate_limited',
]);

/** A 401 for a profile only asks for a password, as a first request without one is answered. */
export function isAboutIdentity(reason: string, httpStatus: number): boolean {
  if (reason.startsWith('profile_') && httpStatus !== 403) return false;
  return ABOUT_IDENTITY.has(reason as RefusalReason);
}

/** Empty for an accepted connection, and for a reason of another release. */
export function adviceFor(reason: string): string {
  return Object.hasOwn(REFUSAL_ADVICE, reason) ? REFUSAL_ADVICE[reason as RefusalReason] : '';
}
