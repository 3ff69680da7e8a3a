/** Versions and credentials as partners send them (docs/ocpi-notes.md C1-C7). Unknown fields are let through (T16). */
import { precondition } from '@kilowatch/kernel';
import { z } from 'zod';

export const OCPI_VERSION = '2.2.1';

const webAddress = z
  .string()
  .max(255)
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), 'not a web address');
// C6: printable ASCII without blanks.
const token = z.string().regex(/^[\x21-\x7e]{1,64}$/, 'not a token');

const role = z.object({
  role: z.string().transform((text) => text.toUpperCase()),
  party_id: z.string().regex(/^[\x21-\x7e]{3}$/),
  country_code: z.string().regex(/^[A-Za-z]{2}$/),
  business_details: z.object({ name: z.string().min(1) }),
});

export const credentialsSchema = z.object({ token, url: webAddress, roles: z.array(role).min(1) }).refine(
  // C5: each triple once; CiStrings compare without case.
  ({ roles }) => new Set(roles.map(tripleOf)).size === roles.length,
  'the same role twice',
);
export type Credentials = z.infer<typeof credentialsSchema>;

export const versionsSchema = z.array(z.object({ version: z.string(), url: webAddress }));
export const versionDetailsSchema = z.object({
  version: z.string(),
  endpoints: z.array(z.object({ identifier: z.string(), role: z.string().optional(), url: webAddress })),
});
export type Endpoint = z.infer<typeof versionDetailsSchema>['endpoints'][number];

/** The answer every OCPI request gets (docs/ocpi-notes.md T4). */
export const envelopeSchema = z.object({
  status_code: z.number().int(),
  status_message: z.string().nullish(),
  data: z.unknown().optional(),
});

function tripleOf(entry: { role: string; party_id: string; country_code: string }): string {
  return `${entry.role}|${entry.country_code}|${entry.party_id}`.toUpperCase();
}

/** The address of the version both speak; we speak one. Throws PRECONDITION (OCPI 3002) when there is none. */
export function mutualVersion(versions: z.infer<typeof versionsSchema>): string {
  const found = versions.find(({ version }) => version === OCPI_VERSION);
  if (!found) throw precondition('OCPI_VERSION', `We speak OCPI ${OCPI_VERSION} only.`);
  return found.url;
}

/**
 * Where the partner takes credentials. Its role is ignored: the specification gives it no meaning, and real partners
 * differ (C7). Throws PRECONDITION (OCPI 3003) without one.
 */
export function credentialsEndpoint(endpoints: readonly Endpoint[]): string {
  const found = endpoints.find(({ identifier }) => identifier === 'credentials');
  if (!found) throw precondition('OCPI_ENDPOINTS', 'The partner offers no credentials endpoint.');
  return found.url;
}

/** The party a partner mainly is: its eMSP, else its first role. */
export function mainRole(credentials: Credentials): Credentials['roles'][number] {
  return credentials.roles.find(({ role: name }) => name === 'EMSP') ?? credentials.roles[0]!;
}
