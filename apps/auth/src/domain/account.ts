/** What an account may be called and how it is protected (NIST SP 800-63B: length over composition rules). */
import { invalid } from '@kilowatch/kernel';

/** Roles of people; machine clients are no accounts. */
export const ROLES = ['driver', 'operator', 'support', 'partner', 'admin'] as const;
export type Role = (typeof ROLES)[number];

const EMAIL = /^[^\s@"<>]{1,64}@[^\s@"<>]+\.[^\s@"<>]{2,}$|^[^\s@"<>]{1,64}@localhost$/;
const SHORTEST_PASSWORD = 10;
const LONGEST_PASSWORD = 200;

/** Lower case: two spellings of one address are one account. Throws INVALID. */
export function checkedEmail(email: string): string {
  const folded = email.trim().toLowerCase();
  if (folded.length > 254 || !EMAIL.test(folded))
    throw invalid('AUTH_EMAIL', 'This is not an e-mail address.');
  return folded;
}

/** OCPI country code and party id, `DE*ABC`: what a partner's people may see hangs on it, and on nothing else's. Throws INVALID. */
export function checkedParty(role: Role, party: string | undefined): string | undefined {
  const folded = party?.trim().toUpperCase() || undefined;
  if ((role === 'partner') !== (folded !== undefined))
    throw invalid('AUTH_PARTY', 'A partner, and nobody else, has an OCPI party such as DE*ABC.');
  if (folded !== undefined && !/^[A-Z]{2}\*[A-Z0-9]{3}$/.test(folded))
    throw invalid('AUTH_PARTY', 'An OCPI party is a country and three characters: DE*ABC.');
  return folded;
}

export function checkedPassword(password: string): string {
  if (password.length < SHORTEST_PASSWORD || password.length > LONGEST_PASSWORD) {
    throw invalid('AUTH_PASSWORD', `A password has ${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters.`);
  }
  return password;
}

export function checkedDisplayName(name: string): string {
  const trimmed = name.trim();
  if (trimmed.length === 0 || trimmed.length > 100)
    throw invalid('AUTH_NAME', 'A name has 1 to 100 characters.');
  return trimmed;
}
