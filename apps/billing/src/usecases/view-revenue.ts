import { Inject, Injectable } from '@nestjs/common';
import { invalid } from '@kilowatch/kernel';
import { Database, tenantScope, type Principal } from '@kilowatch/platform';
import { checkRange, revenueCsv, type RevenueRange, type RevenueRow } from '../domain/revenue.js';
import { revenueRows, type RevenuePage } from '../persistence/revenue.repository.js';
import type { DocumentFile } from './documents/invoice-documents.js';
import { SELLER, type Seller } from './seller.js';

/** A year of days of fifty stations; a file travels whole, in one answer. */
const MOST_ROWS = 20_000;

/** What was earned, for operators; days are those of the seller's calendar. */
@Injectable()
export class ViewRevenue {
  constructor(
    private readonly database: Database,
    @Inject(SELLER) private readonly seller: Seller,
  ) {}

  /** By period, then place, then currency. */
  list({ tenant }: Principal, input: RevenueRange, page: RevenuePage): Promise<RevenueRow[]> {
    const range = checkRange(input);
    return this.database.read(tenantScope(tenant), (tx) =>
      revenueRows(tx, tenant, range, this.seller.timeZone, page),
    );
  }

  /** All of it as CSV. */
  async file(principal: Principal, input: RevenueRange): Promise<DocumentFile> {
    const rows = await this.list(principal, input, { limit: MOST_ROWS + 1, after: undefined });
    if (rows.length > MOST_ROWS) {
      throw invalid(
        'BILLING_REVENUE_SIZE',
        `This would be more than ${MOST_ROWS} rows. Ask for fewer days, longer periods or larger groups.`,
      );
    }
    const { by, period, from, to } = input;
    const name = `revenue-${by}-${period}-${from}-${to}.csv`.toLowerCase();
    return { name, mediaType: 'text/csv', content: Buffer.from(revenueCsv(rows), 'utf8') };
  }
}
