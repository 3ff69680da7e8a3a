import { invalid, tokenKey } from '@kilowatch/kernel';

/** Longest idToken of 2.1; 2.0.1 has 36, and 1.6 idTags have 20. */
const LONGEST = 255;

/** Bytes that `appTokenValue` is made of. */
export const APP_TOKEN_BYTES = 10;

/**
 * What an app starts sessions with: 20 hexadecimal digits, the most that a 1.6 idTag holds. Some stations take a remote start
 * for nothing that does not look like a card (docs/ocpp-notes.md Q44). `random` is base64url.
 */
export function appTokenValue(random: string): string {
  return Buffer.from(random, 'base64url').toString('hex').toUpperCase();
}

/** A token value as an operator enters it. Throws INVALID. */
export function checkedTokenValue(value: string): string {
  const trimmed = value.trim();
  if (
    trimmed.length === 0 ||
    trimmed.length > LONGEST ||
    !/^[\x20-\x7e]+$/.test(trimmed) ||
    tokenKey(trimmed) === ''
  ) {
    throw invalid('AUTH_TOKEN_VALUE', `A token value has 1 to ${LONGEST} printable characters.`);
  }
  return trimmed;
}
