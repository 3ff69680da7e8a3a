import { Injectable } from '@nestjs/common';
import { Database, tenantScope, type Principal, type SortKey } from '@kilowatch/platform';
import { listPayouts, type ProviderPayoutRecord } from '../../persistence/provider-payout.repository.js';

export type { ProviderPayoutRecord };

/** What the payment provider paid into the bank for a tenant, for operators; latest first. */
@Injectable()
export class ViewPayouts {
  constructor(private readonly database: Database) {}

  list(
    { tenant }: Principal,
    page: { limit: number; after: SortKey | undefined },
  ): Promise<ProviderPayoutRecord[]> {
    return this.database.read(tenantScope(tenant), (tx) => listPayouts(tx, tenant, page));
  }
}
