import type { TenantId } from '@kilowatch/kernel';

/** Weakest first: of several roles in one token the first of this list counts. What each may do: role-grants.ts. */
export const ROLES = ['client', 'partner', 'driver', 'support', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** The person or machine a verified access token speaks for. Tenant and account come from the token, never from input. */
export interface Principal {
  accountId: string;
  tenant: TenantId;
  role: Role;
  /** Of a machine client (role `client`): all that it may do. For people's roles they say nothing. */
  scopes: readonly string[];
  /** Of a partner: its OCPI party, `DE*ABC`. */
  party?: string;
  /** The sign-in that the token came from; absent for machines and other issuers. */
  sessionId?: string;
  /** Who this is at the identity provider that vouches for them; absent for accounts of our own. */
  external?: ExternalIdentity;
}

export interface ExternalIdentity {
  issuer: string;
  subject: string;
  /** Lower case. Absent when the token has none, or says itself that nobody checked it. */
  email?: string;
  name?: string;
}
