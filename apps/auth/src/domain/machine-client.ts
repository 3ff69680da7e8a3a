/**
 * Machine clients: programs of an operator that act by themselves, with scopes instead of a role (RFC 6749, 4.4). A secret is long
 * and random, so a keyed hash of it is enough; while it is renewed the old one may go on for a while.
 */
import { invalid } from '@kilowatch/kernel';

export interface MachineClient {
  readonly tenant: string;
  /** The client_id. */
  readonly id: string;
  readonly name: string;
  /** Sorted. */
  readonly scopes: readonly string[];
  readonly secretHash: Buffer;
  readonly previousHash: Buffer | undefined;
  /** The previous secret counts until then. */
  readonly previousUntil: Date | undefined;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | undefined;
  readonly revokedAt: Date | undefined;
}

export const SECRET_BYTES = 32;
const SECRET_PREFIX = 'kwc_';
const LONGEST_GRACE_HOURS = 7 * 24;
const LONGEST_NAME = 100;

/** Recognised by scanners of source code, which is where secrets get lost. */
export function clientSecret(random: string): string {
  return `${SECRET_PREFIX}${random}`;
}

/** The hashes of secrets that count now; none of a revoked client. */
export function countingHashes(client: MachineClient, now: Date): Buffer[] {
  if (client.revokedAt) return [];
  const { secretHash, previousHash, previousUntil } = client;
  return previousHash && previousUntil && previousUntil > now ? [secretHash, previousHash] : [secretHash];
}

/**
 * What a token may do: all that the client may, or what it asks for of that. Undefined when it asks for more, or for nothing that
 * is a scope (RFC 6749, 3.3 and 5.2: invalid_scope).
 */
export function grantedScopes(
  client: Pick<MachineClient, 'scopes'>,
  asked: string | undefined,
): string[] | undefined {
  if (asked === undefined) return [...client.scopes];
  const wanted = [...new Set(asked.split(' ').filter((scope) => scope !== ''))].sort();
  return wanted.length > 0 && wanted.every((scope) => client.scopes.includes(scope)) ? wanted : undefined;
}

export function checkedClientName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > LONGEST_NAME)
    throw invalid('AUTH_CLIENT_NAME', `A name has 1 to ${LONGEST_NAME} characters.`);
  return trimmed;
}

/** Sorted, each once. `known`: what there is to be allowed. */
export function checkedScopes(scopes: readonly string[], known: (scope: string) => boolean): string[] {
  const wanted = [...new Set(scopes)].sort();
  const unknown = wanted.filter((scope) => !known(scope));
  if (unknown.length > 0)
    throw invalid('AUTH_SCOPE', `A machine client cannot have the scope ${unknown[0]!.slice(0, 50)}.`);
  if (wanted.length === 0)
    throw invalid('AUTH_SCOPE', 'Say what it may: a client without scopes may nothing.');
  return wanted;
}

export function checkedGraceHours(hours: number): number {
  if (!Number.isInteger(hours) || hours < 0 || hours > LONGEST_GRACE_HOURS)
    throw invalid('AUTH_GRACE', `The old secret goes on for 0 to ${LONGEST_GRACE_HOURS} hours.`);
  return hours;
}
