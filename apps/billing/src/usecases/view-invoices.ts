import { Injectable } from '@nestjs/common';
import { isUuid } from '@kilowatch/kernel';
import { Database, mayOn, ownerLimit, tenantScope, type Principal, type SortKey } from '@kilowatch/platform';
import { findInvoices, listInvoices, type InvoiceRecord } from '../persistence/invoice.repository.js';
import { unknownInvoice } from './record-transfer.js';

export type { InvoiceRecord } from '../persistence/invoice.repository.js';

/** Invoices for people: drivers their own, operators those of their tenant. */
@Injectable()
export class ViewInvoices {
  constructor(private readonly database: Database) {}

  list(principal: Principal, page: { limit: number; after: SortKey | undefined }) {
    const ofAccount = ownerLimit(principal, 'billing:read');
    return this.database.read(tenantScope(principal.tenant), (tx) =>
      listInvoices(tx, principal.tenant, ofAccount, page),
    );
  }

  async byIds(principal: Principal, ids: readonly string[]): Promise<Map<string, InvoiceRecord>> {
    const found = await this.database.read(tenantScope(principal.tenant), (tx) =>
      findInvoices(tx, principal.tenant, ids.filter(isUuid)),
    );
    const visible = found.filter((invoice) => mayOn(principal, 'billing:read', invoice));
    return new Map(visible.map((invoice) => [invoice.id, invoice]));
  }

  async one(principal: Principal, id: string): Promise<InvoiceRecord> {
    const invoice = (await this.byIds(principal, [id])).get(id);
    if (!invoice) throw unknownInvoice();
    return invoice;
  }
}
