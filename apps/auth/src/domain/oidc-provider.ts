/**
 * Identity providers of companies (OpenID Connect Core 1.0): where, and whom of theirs we let in as what. Whoever comes is the
 * account of issuer and subject, never one of ours with the same e-mail address.
 */
import { z } from 'zod';
import { ROLES, type Role } from './account.js';

const provider = z.strictObject({
  tenant: z.string().min(1),
  /** Short, for addresses: `corp`. Unique within the tenant. */
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  /** On the button. */
  name: z.string().min(1),
  issuer: z.url({ protocol: /^https?$/ }),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  scope: z.string().default('openid email profile'),
  /** Claim of the id token with their roles; a dotted name walks into objects. */
  roleClaim: z.string().default('roles'),
  /** Their role -> ours; of several the weakest counts. */
  roles: z.record(z.string(), z.enum(ROLES)).default({}),
  /** For who has none of these; without it nobody such is let in. */
  defaultRole: z.enum(ROLES).optional(),
  /** Only people with a confirmed address of these domains; without it all. */
  emailDomains: z.array(z.string().toLowerCase()).optional(),
});

export type OidcProvider = z.infer<typeof provider>;

/** Throws an error that names what is wrong, and no secret. */
export function parseOidcProviders(text: string): OidcProvider[] {
  const list = z.array(provider).parse(JSON.parse(text));
  const names = new Set(list.map(({ tenant, id }) => `${tenant}|${id}`));
  if (names.size !== list.length) throw new Error('KW_OIDC_PROVIDERS names a provider of a tenant twice');
  return list;
}

type Claims = Readonly<Record<string, unknown>>;

/** As whom somebody with these claims of a verified id token is let in; undefined: not at all. */
export function admitted(
  { roleClaim, roles, defaultRole, emailDomains }: OidcProvider,
  claims: Claims,
): { role: Role; email: string | undefined; name: string | undefined } | undefined {
  const email = confirmedEmail(claims);
  if (emailDomains && !emailDomains.includes(email?.split('@').at(-1) ?? '')) return undefined;
  const theirs = [claimAt(claims, roleClaim)].flat();
  const ours = theirs.map((one) =>
    typeof one === 'string' && Object.hasOwn(roles, one) ? roles[one] : undefined,
  );
  const role = ROLES.find((one) => ours.includes(one)) ?? defaultRole;
  const name = typeof claims['name'] === 'string' ? claims['name'] : undefined;
  return role && { role, email, name };
}

/** An address that the provider has not checked is nobody's. */
function confirmedEmail({ email, email_verified: verified }: Claims): string | undefined {
  return typeof email === 'string' && verified === true ? email.trim().toLowerCase() : undefined;
}

function claimAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Claims)[key]
          : undefined,
      claims,
    );
}
