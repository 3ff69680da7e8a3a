import { PERMISSIONS, isScope, type Permission } from './permissions.js';
import type { Principal, Role } from './principal.js';

/** How far a permission reaches: all of the tenant, what is of the account, what is published, what is of the OCPI party. */
export type Reach = 'tenant' | 'own' | 'published' | 'party';

export type Grants = Readonly<Partial<Record<Reach, readonly Permission[]>>>;

const ALL = Object.keys(PERMISSIONS) as Permission[];
const READS = ALL.filter((permission) => permission.endsWith(':read'));
const without = (from: readonly Permission[], ...left: Permission[]) =>
  from.filter((permission) => !left.includes(permission));

/** What each role of a person may do. A client may what its scopes say. */
const OF_ROLE: Readonly<Record<Exclude<Role, 'client'>, Grants>> = {
  driver: {
    own: [
      ...(['accounts:read', 'accounts:write', 'alerts:read', 'alerts:write', 'billing:read'] as const),
      'cards:write',
      ...(['disputes:read', 'disputes:write'] as const),
      ...(['contracts:read', 'contracts:write', 'feedback:read', 'feedback:write', 'insights:read'] as const),
      ...(['sessions:read', 'sessions:write', 'tokens:read', 'tokens:write'] as const),
    ],
    published: ['stations:read'],
    tenant: ['personal:read', 'tariffs:read'],
  },
  operator: {
    tenant: without(ALL, 'accounts:write', 'audit:read', 'clients:read', 'clients:write', 'trust:write'),
    own: ['accounts:write'],
  },
  // Sees what the tenant's operators see, people masked; changes nothing but itself.
  support: {
    tenant: without(READS, 'audit:read', 'clients:read', 'personal:read'),
    own: ['accounts:write', 'alerts:write'],
  },
  admin: { tenant: ALL },
  // Its own sessions and CDRs it has over OCPI; here it sees where one may charge, at what price, and how its link stands.
  partner: {
    own: ['accounts:read', 'accounts:write'],
    published: ['stations:read'],
    party: ['partners:read'],
    tenant: ['tariffs:read'],
  },
};

export function grantsOf({ role, scopes }: Pick<Principal, 'role' | 'scopes'>): Grants {
  return role === 'client' ? { tenant: scopes.filter(isScope) } : OF_ROLE[role];
}
