import type { TenantId } from '@kilowatch/kernel';

export const ROLES = ['driver', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** The person or machine a verified access token speaks for. Tenant and account come from the token, never from input. */
export interface Principal {
  accountId: string;
  tenant: TenantId;
  role: Role;
  scopes: readonly string[];
}
