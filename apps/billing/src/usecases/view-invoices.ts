import { Inject, Injectable } from '@nestjs/common';
import { isUuid, ZERO, type Clock, type Decimal } from '@kilowatch/kernel';
import {
  CLOCK,
  Database,
  mayOn,
  ownerLimit,
  tenantScope,
  type Principal,
  type SortKey,
} from '@kilowatch/platform';
import { findCdrs, type CdrRecord } from '../persistence/cdr.repository.js';
import {
  findInvoicedCdrs,
  findInvoices,
  listInvoices,
  owedOf,
  type InvoicedCdr,
  type InvoiceRecord,
  type InvoiceStatus,
} from '../persistence/invoice.repository.js';
import { unknownInvoice } from './record-transfer.js';

export type { InvoiceRecord, InvoiceStatus } from '../persistence/invoice.repository.js';

/** A CDR on an invoice, or the credit of one on a credit note. */
export interface InvoicedPart extends InvoicedCdr {
  readonly position: number;
  readonly cdr: CdrRecord;
}

/** What is still to be paid: nothing of what is paid, taken back, or a credit note. */
export function openOf(invoice: InvoiceRecord): Decimal {
  return invoice.status === 'OPEN' ? owedOf(invoice) : ZERO;
}

/** Invoices for people: drivers their own, operators those of their tenant. */
@Injectable()
export class ViewInvoices {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** `overdue`: those alone that should have been paid by now. */
  list(
    principal: Principal,
    { status, overdue }: { readonly status?: InvoiceStatus | undefined; readonly overdue?: boolean },
    page: { limit: number; after: SortKey | undefined },
  ) {
    const accountId = ownerLimit(principal, 'billing:read');
    const overdueAt = overdue ? this.clock.now() : undefined;
    return this.database.read(tenantScope(principal.tenant), (tx) =>
      listInvoices(tx, principal.tenant, { accountId, status, overdueAt }, page),
    );
  }

  async byIds(principal: Principal, ids: readonly string[]): Promise<Map<string, InvoiceRecord>> {
    const found = await this.database.read(tenantScope(principal.tenant), (tx) =>
      findInvoices(tx, principal.tenant, ids.filter(isUuid)),
    );
    const visible = found.filter((invoice) => mayOn(principal, 'billing:read', invoice));
    return new Map(visible.map((invoice) => [invoice.id, invoice]));
  }

  /** What is on an invoice that the caller has shown to be theirs to see. */
  sessions(
    principal: Principal,
    invoiceId: string,
    page: { limit: number; after: SortKey | undefined },
  ): Promise<InvoicedPart[]> {
    const { tenant } = principal;
    return this.database.read(tenantScope(tenant), async (tx) => {
      const after = Number(page.after?.[0] ?? 0);
      const on = await findInvoicedCdrs(tx, tenant, invoiceId, { limit: page.limit, after });
      const found = await findCdrs(
        tx,
        tenant,
        on.map(({ cdrId }) => cdrId),
      );
      const cdrs = new Map(found.map((cdr) => [cdr.id, cdr]));
      return on.flatMap((part) => {
        const cdr = cdrs.get(part.cdrId);
        return cdr ? [{ ...part, cdr }] : [];
      });
    });
  }

  async one(principal: Principal, id: string): Promise<InvoiceRecord> {
    const invoice = (await this.byIds(principal, [id])).get(id);
    if (!invoice) throw unknownInvoice();
    return invoice;
  }
}
