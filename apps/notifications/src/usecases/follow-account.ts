import { Injectable } from '@nestjs/common';
import type { auth } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { saveAccount } from '../persistence/account.repository.js';

/** Keeps the projection of accounts: who is reached where, in which language. */
@Injectable()
export class FollowAccount {
  run(tx: Tx, account: auth.AccountChanged, meta: EventMeta): Promise<void> {
    return saveAccount(tx, {
      tenant: meta.tenant,
      accountId: account.accountId,
      email: account.email,
      displayName: account.displayName,
      role: account.role,
      locale: account.locale,
      active: account.active,
      version: meta.aggregateVersion,
    });
  }
}
