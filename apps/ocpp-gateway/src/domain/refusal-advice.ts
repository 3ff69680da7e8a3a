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
    'The connection is less secure than the station was provisioned for. Use wss:// or the password, as its security profile asks.',
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

/** Empty for an accepted connection, and for a reason of another release. */
export function adviceFor(reason: string): string {
  return Object.hasOwn(REFUSAL_ADVICE, reason) ? REFUSAL_ADVICE[reason as RefusalReason] : '';
}
