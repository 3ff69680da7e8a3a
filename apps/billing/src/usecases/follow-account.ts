import { Injectable } from '@nestjs/common';
import type { auth } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { saveBuyer } from '../persistence/buyer.repository.js';

/** Remembers what drivers are called: an invoice names its buyer. */
@Injectable()
export class FollowAccount {
  run(tx: Tx, account: auth.AccountChanged, { tenant, aggregateVersion }: EventMeta): Promise<void> {
    const { accountId, displayName: name } = account;
    return saveBuyer(tx, tenant, { accountId, name }, aggregateVersion);
  }
}
