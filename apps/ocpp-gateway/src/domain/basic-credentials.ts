/**
 * HTTP Basic as chargers send it (OCPP-J security profiles 1 and 2, RFC 7617). Passwords may hold any byte: they stay bytes.
 * The first colon splits, so a password may contain more of them.
 */
export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'basic'; readonly username: Uint8Array; readonly password: Uint8Array };

const COLON = 0x3a;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

export function credentialsFrom(header: string | undefined): Credentials {
  if (header === undefined || header.trim() === '') return { kind: 'none' };
  const [scheme = '', encoded = ''] = header.trim().split(/\s+/);
  if (scheme.toLowerCase() !== 'basic' || !BASE64.test(encoded)) return { kind: 'malformed' };
  const bytes = Buffer.from(encoded, 'base64');
  const colon = bytes.indexOf(COLON);
  if (colon < 0) return { kind: 'malformed' };
  return { kind: 'basic', username: bytes.subarray(0, colon), password: bytes.subarray(colon + 1) };
}
