import { tenantId } from '@kilowatch/kernel';
import { externalAccountId } from './external-account.js';
import { ROLES, type ExternalIdentity, type Principal, type Role } from './principal.js';
import type { TrustedIssuer } from './trusted-issuers.js';

/** Maps the claims of a verified token to a principal; undefined when something is missing or not ours to accept. */
export function principalFromClaims(
  claims: Readonly<Record<string, unknown>>,
  issuer: TrustedIssuer,
): Principal | undefined {
  const subject = claimAt(claims, issuer.claims.accountId);
  const tenant = claimAt(claims, issuer.claims.tenant);
  const role = roleFrom(claimAt(claims, issuer.claims.role), issuer.roles);
  if (typeof subject !== 'string' || subject === '' || typeof tenant !== 'string' || !role) return undefined;
  if (issuer.tenants && !issuer.tenants.includes(tenant)) return undefined;
  const party = role === 'partner' ? partyFrom(claimAt(claims, issuer.claims.party)) : undefined;
  try {
    return {
      ...accountOf(claims, issuer, subject),
      tenant: tenantId(tenant),
      role,
      scopes: scopesFrom(claimAt(claims, issuer.claims.scopes)),
      ...(party === undefined ? {} : { party }),
    };
  } catch {
    return undefined;
  }
}

/** The subject of our own issuer is an account id; that of another one only becomes one together with its issuer. */
function accountOf(
  claims: Readonly<Record<string, unknown>>,
  issuer: TrustedIssuer,
  subject: string,
): Pick<Principal, 'accountId' | 'external' | 'sessionId'> {
  if (issuer.own) {
    const sessionId = claims['sid'];
    return { accountId: subject, ...(typeof sessionId === 'string' ? { sessionId } : {}) };
  }
  const external: ExternalIdentity = { issuer: issuer.issuer, subject };
  const email = claimAt(claims, issuer.claims.email);
  if (typeof email === 'string' && email !== '' && claims['email_verified'] !== false)
    external.email = email.trim().toLowerCase();
  const name = claimAt(claims, issuer.claims.name);
  if (typeof name === 'string' && name.trim() !== '') external.name = name.trim();
  return { accountId: externalAccountId(issuer.issuer, subject), external };
}

function claimAt(claims: Readonly<Record<string, unknown>>, path: string): unknown {
  // A claim may itself have dots in its name (namespaced claims are URLs): the whole name goes first.
  if (Object.hasOwn(claims, path)) return claims[path];
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Record<string, unknown>)[key]
          : undefined,
      claims,
    );
}

/** The weakest role wins when a token carries several: more power must be asked for by a narrower token. */
function roleFrom(claim: unknown, mapping: TrustedIssuer['roles']): Role | undefined {
  const names = (Array.isArray(claim) ? claim : [claim]).filter(
    (name): name is string => typeof name === 'string',
  );
  const held = names.map((name) =>
    mapping ? (Object.hasOwn(mapping, name) ? mapping[name] : undefined) : name,
  );
  return ROLES.find((role) => held.includes(role));
}

function scopesFrom(claim: unknown): readonly string[] {
  if (typeof claim === 'string') return claim.split(' ').filter((scope) => scope !== '');
  return Array.isArray(claim) ? claim.filter((scope): scope is string => typeof scope === 'string') : [];
}

/** OCPI country code and party id: `DE*ABC`, also written `DEABC` or `DE-ABC`. */
export function partyFrom(claim: unknown): string | undefined {
  const found = typeof claim === 'string' ? /^([A-Z]{2})[*-]?([A-Z0-9]{3})$/.exec(claim.toUpperCase()) : null;
  return found ? `${found[1]}*${found[2]}` : undefined;
}
