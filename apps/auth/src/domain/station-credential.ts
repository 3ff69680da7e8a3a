/**
 * Security profiles of OCPP (2.0.1 A00; 1.6 security white paper): 0 = none, 1 = Basic without TLS, 2 = Basic over TLS,
 * 3 = client certificate. A station is provisioned for one and must not come below it.
 */
import { invalid } from '@kilowatch/kernel';

export type StationVerdict =
  'ACCEPTED' | 'UNKNOWN_STATION' | 'BAD_CREDENTIALS' | 'PROFILE_MISMATCH' | 'RATE_LIMITED';

/** 3 needs client certificates, which nothing issues or checks here yet. */
const HIGHEST_PROFILE = 2;

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

/** A00.FR.205: 16 to 40 characters (1.6: 16 to 20 bytes, of which these are a superset). */
export function checkedStationPassword(password: string): string {
  if (password.length < 16 || password.length > 40) {
    throw invalid('AUTH_STATION_PASSWORD', 'A station password has 16 to 40 characters.');
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
 * is taken, less never. What a password is worth is judged afterwards.
 */
export function profileMatches(provisioned: number, offered: number): boolean {
  return offered >= provisioned && offered <= HIGHEST_PROFILE;
}

/** Profiles 1 and 2 are the same password; only the transport below it differs. */
export function needsPassword(provisioned: number): boolean {
  return provisioned >= 1;
}
