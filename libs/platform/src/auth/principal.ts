import type { TenantId } from '@kilowatch/kernel';

export const ROLES = ['driver', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** The person or machine a verified access token speaks for. Tenant and account come from the token, never from input. */
export interface Principal {
  accountId: string;
  tenant: TenantId;
  role: Role;
  scopes: readonly string[];
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
