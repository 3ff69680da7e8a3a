/**
 * What two presentations of one card have in common (OCPP 2.0.1 C01.FR.25): case does not count, nor do the
 * separators readers put between bytes. The type does not count either: real chargers authorise a card as `Local` and start
 * with it as `ISO14443`, and 1.6 knows no types.
 */
import { invalid } from '@kilowatch/kernel';

/** Longest idToken of 2.0.1; 1.6 idTags have 20. */
const LONGEST = 36;

export function tokenKey(value: string): string {
  return value.replace(/[\s:._-]/g, '').toUpperCase();
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
