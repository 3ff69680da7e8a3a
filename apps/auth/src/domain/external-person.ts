/**
 * What an account says of somebody whom another identity provider vouches for. The provider stays the source: what it tells
 * later replaces what it told before, and what it leaves out is kept. Such an account is never one of our own with the same
 * e-mail address, since whoever controls an address there need not be who has the account here.
 */
import { checkedEmail, type Role } from './account.js';

export interface ExternalPerson {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | undefined;
  readonly name: string | undefined;
  readonly role: Role;
}

export interface ExternalProfile {
  /** Empty when the provider told none we could write to. */
  readonly email: string;
  readonly displayName: string;
  readonly role: Role;
}

const LONGEST_NAME = 100;

/** What the account says after this token; `held` before it. */
export function externalProfile(person: ExternalPerson, held?: ExternalProfile): ExternalProfile {
  const email = usableEmail(person.email) ?? held?.email ?? '';
  const name = person.name ?? held?.displayName ?? (email || person.subject);
  return { email, displayName: name.trim().slice(0, LONGEST_NAME), role: person.role };
}

export function sameProfile(a: ExternalProfile, b: ExternalProfile): boolean {
  return a.email === b.email && a.displayName === b.displayName && a.role === b.role;
}

function usableEmail(email: string | undefined): string | undefined {
  try {
    return email === undefined ? undefined : checkedEmail(email);
  } catch {
    return undefined;
  }
}
