/**
 * Commands that set what a station authenticates with (1.6 AuthorizationKey, 2.0.1 BasicAuthPassword and network
 * profiles) or name an address with a password in it (docs/adr/0011): they may be sent, and an audit that is kept for years must not
 * hold them.
 */
const CREDENTIAL =
  /authorizationkey|basicauthpassword|"(?:\w*password|\w*secret|apn|vpn)"\s*:|\/\/[^/@\s"]*:[^/@\s"]*@/i;

export function carriesCredential(payloadJson: string): boolean {
  return CREDENTIAL.test(payloadJson);
}

/** An address without the user and password that may stand before its host. */
export function withoutCredentials(location: string): string {
  return location.replace(/(\/\/)[^/@\s]+@/, '$1[redacted]@');
}
