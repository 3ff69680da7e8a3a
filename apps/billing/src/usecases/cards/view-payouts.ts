import { Inject, Injectable } from '@nestjs/common';
import { Database, tenantScope, type Principal, type SortKey } from '@kilowatch/platform';
import { payoutsCsv } from '../../domain/payout-csv.js';
import { listPayouts, type ProviderPayoutRecord } from '../../persistence/provider-payout.repository.js';
import type { DocumentFile } from '../documents/invoice-documents.js';
import { SELLER, type Seller } from '../seller.js';

export type { ProviderPayoutRecord };

/** One each working day for eight years. */
const MOST_IN_FILE = 2_000;

/** What the payment provider paid into the bank for a tenant, for operators; latest first. */
@Injectable()
export class ViewPayouts {
  constructor(
    private readonly database: Database,
    @Inject(SELLER) private readonly seller: Seller,
  ) {}

  list(
    { tenant }: Principal,
    page: { limit: number; after: SortKey | undefined },
  ): Promise<ProviderPayoutRecord[]> {
    return this.database.read(tenantScope(tenant), (tx) => listPayouts(tx, tenant, page));
  }

  /** The latest of them as CSV, on days of the seller's calendar. */
  async file(principal: Principal): Promise<DocumentFile> {
    const rows = await this.list(principal, { limit: MOST_IN_FILE, after: undefined });
    const content = Buffer.from(payoutsCsv(rows, this.seller.timeZone), 'utf8');
    return { name: 'payouts.csv', mediaType: 'text/csv', content };
  }
}
