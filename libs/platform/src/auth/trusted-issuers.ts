import { z } from 'zod';
import { ROLES } from './principal.js';

/** Names of the claims that carry our notions; a dotted name walks into objects (`realm_access.roles`). */
const claimNames = z.strictObject({
  accountId: z.string().default('sub'),
  tenant: z.string().default('tenant'),
  role: z.string().default('role'),
  scopes: z.string().default('scope'),
  party: z.string().default('party'),
  email: z.string().default('email'),
  name: z.string().default('name'),
});

const trustedIssuer = z.strictObject({
  issuer: z.string().min(1),
  jwksUrl: z.url({ protocol: /^https?$/ }),
  audience: z.string().min(1).default('kilowatch'),
  /** `typ` header required of its tokens (RFC 9068); some identity providers say JWT. */
  type: z.string().default('at+jwt'),
  /** The tenants this issuer may speak for. Our own speaks for all; every other must be given its list. */
  tenants: z.array(z.string()).optional(),
  claims: claimNames.prefault({}),
  /** Role names of the issuer -> ours; without it the claim must hold our names. */
  roles: z.record(z.string(), z.enum(ROLES)).optional(),
});

/** `own`: auth signs its tokens, so their subject is an account id. Said by the code, never by the setting. */
export type TrustedIssuer = z.infer<typeof trustedIssuer> & { readonly own: boolean };
export type TrustedIssuerInput = z.input<typeof trustedIssuer>;

/** Our own issuer (KW_JWT_ISSUER with KW_JWKS_URL) and the further ones of KW_JWT_ISSUERS (JSON text). */
export function trustedIssuersFrom(config: {
  KW_JWT_ISSUER?: string | undefined;
  KW_JWKS_URL?: string | undefined;
  KW_JWT_ISSUERS?: string | undefined;
}): TrustedIssuer[] {
  const { KW_JWT_ISSUER: issuer, KW_JWKS_URL: jwksUrl, KW_JWT_ISSUERS: more } = config;
  if ((issuer === undefined) !== (jwksUrl === undefined)) {
    throw new Error('KW_JWT_ISSUER and KW_JWKS_URL belong together: set both or none');
  }
  const own = issuer === undefined ? [] : [{ issuer, jwksUrl }];
  const others: unknown = more === undefined ? [] : JSON.parse(more);
  if (!Array.isArray(others)) throw new Error('KW_JWT_ISSUERS must be a JSON list');
  return parseTrustedIssuers([...own, ...(others as unknown[])], issuer);
}

/** Parses KW_JWT_ISSUERS (JSON list) with our own issuer in it; throws an error that names what is wrong. */
export function parseTrustedIssuers(input: unknown, own?: string): TrustedIssuer[] {
  const issuers = z.array(trustedIssuer).parse(input);
  const names = new Set(issuers.map(({ issuer }) => issuer));
  if (names.size !== issuers.length) throw new Error('KW_JWT_ISSUERS names an issuer twice');
  // Whoever runs an issuer without a list could make itself an administrator of every company.
  const boundless = issuers.find(({ issuer, tenants }) => issuer !== own && !tenants?.length);
  if (boundless)
    throw new Error(
      `KW_JWT_ISSUERS: say which tenants ${boundless.issuer} may speak for, as "tenants": ["..."]`,
    );
  return issuers.map((issuer) => ({ ...issuer, own: issuer.issuer === own }));
}
