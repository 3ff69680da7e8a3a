import { Injectable } from '@nestjs/common';
import { notFound } from '@kilowatch/kernel';
import { Database, tenantScope, type Principal, type SortKey } from '@kilowatch/platform';
import { findTariffs, listTariffs, type CurrentTariff } from '../persistence/tariff.repository.js';

export type { CurrentTariff } from '../persistence/tariff.repository.js';
export type { QuoteRecord } from '../persistence/quote.repository.js';

/** Prices are public within a tenant. */
@Injectable()
export class ViewTariffs {
  constructor(private readonly database: Database) {}

  list(principal: Principal, page: { limit: number; after: SortKey | undefined }) {
    return this.database.read(tenantScope(principal.tenant), (tx) => listTariffs(tx, principal.tenant, page));
  }

  async byIds(principal: Principal, ids: readonly string[]): Promise<Map<string, CurrentTariff>> {
    const found = await this.database.read(tenantScope(principal.tenant), (tx) =>
      findTariffs(tx, principal.tenant, ids),
    );
    return new Map(found.map((tariff) => [tariff.id, tariff]));
  }

  async one(principal: Principal, id: string): Promise<CurrentTariff> {
    const tariff = (await this.byIds(principal, [id])).get(id);
    if (!tariff) throw notFound('BILLING_TARIFF', 'There is no such tariff.');
    return tariff;
  }
}
