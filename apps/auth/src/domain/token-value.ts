import { invalid, tokenKey } from '@kilowatch/kernel';

/** Longest idToken of 2.0.1; 1.6 idTags have 20. */
const LONGEST = 36;

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
