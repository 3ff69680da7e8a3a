import { Injectable } from '@nestjs/common';
import { notFound } from '@kilowatch/kernel';
import { Database, tenantScope, type Principal } from '@kilowatch/platform';
import { findAccounts } from '../persistence/account.repository.js';
import {
  countRecoveryCodes,
  findSecondFactorRoles,
  findTotpFactor,
} from '../persistence/second-factor.repository.js';

export interface AccountSecurity {
  readonly emailConfirmed: boolean;
  readonly totpSince: Date | null;
  readonly recoveryCodesLeft: number;
  readonly secondFactorWanted: boolean;
}

/** How an account is protected, for its owner. */
@Injectable()
export class ViewSecurity {
  constructor(private readonly database: Database) {}

  async own({ tenant, accountId }: Principal): Promise<AccountSecurity> {
    return this.database.read(tenantScope(tenant), async (tx) => {
      const [[account], factor, recoveryCodesLeft, roles] = await Promise.all([
        findAccounts(tx, tenant, [accountId]),
        findTotpFactor(tx, tenant, accountId),
        countRecoveryCodes(tx, tenant, accountId),
        findSecondFactorRoles(tx, tenant),
      ]);
      if (!account) throw notFound('AUTH_ACCOUNT', 'There is no such account.');
      return {
        emailConfirmed: account.emailVerifiedAt !== undefined,
        totpSince: factor?.confirmedAt ?? null,
        recoveryCodesLeft,
        secondFactorWanted: roles.includes(account.role),
      };
    });
  }
}
