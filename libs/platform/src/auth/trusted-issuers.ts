import { z } from 'zod';
import { ROLES } from './principal.js';

/** Names of the claims that carry our notions; a dotted name walks into objects (`realm_access.roles`). */
const claimNames = z.strictObject({
  accountId: z.string().default('sub'),
  tenant: z.string().default('tenant'),
  role: z.string().default('role'),
  scopes: z.string().default('scope'),
});

const trustedIssuer = z.strictObject({
  issuer: z.string().min(1),
  jwksUrl: z.url({ protocol: /^https?$/ }),
  audience: z.string().min(1).default('kilowatch'),
  /** `typ` header required of its tokens (RFC 9068); some identity providers say JWT. */
  type: z.string().default('at+jwt'),
  /** The tenants this issuer may speak for; without it, all (only for an issuer we run). */
  tenants: z.array(z.string()).optional(),
  claims: claimNames.prefault({}),
  /** Role names of the issuer -> ours; without it the claim must hold our names. */
  roles: z.record(z.string(), z.enum(ROLES)).optional(),
});

export type TrustedIssuer = z.infer<typeof trustedIssuer>;
export type TrustedIssuerInput = z.input<typeof trustedIssuer>;

/** Parses KW_JWT_ISSUERS (JSON list); throws an error that names what is wrong. */
export function parseTrustedIssuers(input: unknown): TrustedIssuer[] {
  const issuers = z.array(trustedIssuer).parse(input);
  const names = new Set(issuers.map(({ issuer }) => issuer));
  if (names.size !== issuers.length) throw new Error('KW_JWT_ISSUERS names an issuer twice');
  return issuers;
}
