import type { Role } from '../../domain/account.js';
import type { Account } from '../../usecases/view-people.js';

export interface AccountNode {
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
  readonly role: Uppercase<Role>;
  readonly party: string | null;
  readonly tenant: string;
  readonly locale: string;
  readonly active: boolean;
  readonly createdAt: Date;
}

export function toAccountNode(account: Account): AccountNode {
  return {
    id: account.id,
    email: account.email,
    displayName: account.displayName,
    role: account.role.toUpperCase() as Uppercase<Role>,
    party: account.party ?? null,
    tenant: account.tenant,
    locale: account.locale,
    active: account.active,
    createdAt: account.createdAt,
  };
}
