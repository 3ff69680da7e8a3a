/**
 * Security profiles of OCPP (2.0.1 A00; 1.6 security white paper): 0 = none, 1 = Basic without TLS, 2 = Basic over TLS,
 * 3 = client certificate. A station is provisioned for one and must not come below it.
 */
import { invalid } from '@kilowatch/kernel';

export type StationVerdict =
  | 'ACCEPTED'
  | 'UNKNOWN_STATION'
  | 'BAD_CREDENTIALS'
  | 'PROFILE_MISMATCH'
  | 'RATE_LIMITED'
  | 'CERTIFICATE_WRONG_NAME'
  | 'CERTIFICATE_UNTRUSTED'
  | 'CERTIFICATE_EXPIRED'
  | 'CERTIFICATE_REVOKED'
  | 'CERTIFICATE_WRONG_ORGANISATION'
  | 'CERTIFICATE_SUPERSEDED'
  | 'PROFILE_DOWNGRADE';

const HIGHEST_PROFILE = 3;

const IDENTITY = /^[A-Za-z0-9*+=:_.@|/ -]{1,255}$/;

/** 2.0.1 Identity: 48 characters of identifierString; real identities are wider, so only what breaks URLs is refused. */
export function checkedIdentity(identity: string): string {
  const trimmed = identity.trim();
  if (!IDENTITY.test(trimmed)) {
    throw invalid(
      'AUTH_STATION_IDENTITY',
      'A station identity has 1 to 255 letters, digits or * + = : _ . @ | / - characters.',
    );
  }
  return trimmed;
}

/** Identities are compared case-folded (quirk Q4: chargers and operators spell them differently). */
export function identityKey(identity: string): string {
  return identity.toLowerCase();
}

/** `hex:` and the digits of 16 to 20 bytes. */
const BINARY_PASSWORD = /^hex:((?:[0-9a-f]{2}){16,20})$/i;

/**
 * What the station will send. A00.FR.205: 16 to 40 characters; the AuthorizationKey of 1.6 is 16 to 20 bytes that need be no
 * text, and is written in hexadecimal there as here.
 */
export function checkedStationPassword(password: string): string | Uint8Array {
  const [, digits] = BINARY_PASSWORD.exec(password) ?? [];
  if (digits !== undefined) return Buffer.from(digits, 'hex');
  if (password.length < 16 || password.length > 40) {
    throw invalid(
      'AUTH_STATION_PASSWORD',
      'A station password has 16 to 40 characters, or is hex: and 32 to 40 digits.',
    );
  }
  return password;
}

export function checkedProfile(profile: number): number {
  if (!Number.isInteger(profile) || profile < 0 || profile > HIGHEST_PROFILE) {
    throw invalid(
      'AUTH_SECURITY_PROFILE',
      `This system takes stations with security profile 0 to ${HIGHEST_PROFILE}.`,
    );
  }
  return profile;
}

/**
 * Whether what the station offers meets what it is provisioned for: more than promised (TLS, or credentials nobody asked for)
 * is taken, less never. What a password or a certificate is worth is judged afterwards.
 */
export function profileMatches(provisioned: number, offered: number): boolean {
  return offered >= provisioned && offered <= HIGHEST_PROFILE;
}

/** Profiles 1 and 2 are the same password; only the transport below it differs. */
export function needsPassword(provisioned: number): boolean {
  return provisioned === 1 || provisioned === 2;
}

export function needsCertificate(provisioned: number): boolean {
  return provisioned === 3;
}

export interface Offer {
  /** As the gateway saw it: 0 nothing, 1 Basic, 2 Basic over TLS, 3 a certificate. */
  readonly profile: number;
  readonly password: boolean;
  /** Shown, whatever it is. */
  readonly certificate: boolean;
}

/**
 * The profile an offer counts as. Only a certificate makes 3, and only where one is asked for: elsewhere nobody looks at its name,
 * so the connection is worth what it is without.
 */
export function offeredProfile(provisioned: number, offer: Offer): number {
  if (offer.profile < HIGHEST_PROFILE) return offer.profile;
  if (needsCertificate(provisioned) && offer.certificate) return HIGHEST_PROFILE;
  return offer.password ? 2 : 0;
}

/**
 * A05.FR.09: what worked once at a higher profile never comes lower again. 2.1 lets a station go from 3 to 2 where the operator
 * allows it.
 */
export function isDowngrade(
  worth: number,
  reached: number,
  { allowTo2, protocol }: { readonly allowTo2: boolean; readonly protocol: string },
): boolean {
  if (worth >= reached) return false;
  return !(allowTo2 && protocol === 'ocpp2.1' && reached === HIGHEST_PROFILE && worth === 2);
}

const PRINTABLE_ASCII = /^[ -~]+$/;

/**
 * Whether a certificate with this common name was issued for the station. Folding letters beyond ASCII would let other names in:
 * the Kelvin sign becomes a k.
 */
export function certificateNames(key: string, commonName: string): boolean {
  return PRINTABLE_ASCII.test(commonName) && identityKey(commonName) === key;
}
