import { Injectable } from '@nestjs/common';
import { isUuid, notFound, precondition } from '@kilowatch/kernel';
import { argsHash, Database, idempotent, tenantScope, type Principal } from '@kilowatch/platform';
import { checkReference } from '../domain/top-up.js';
import { findInvoiceForUpdate, findInvoices, type InvoiceRecord } from '../persistence/invoice.repository.js';
import { PayInvoice } from './pay-invoice.js';

export interface Transfer {
  readonly invoiceId: string;
  readonly reference: string;
  readonly idempotencyKey: string;
}

@Injectable()
export class RecordTransfer {
  constructor(
    private readonly database: Database,
    private readonly payInvoice: PayInvoice,
  ) {}

  /** Marks an open invoice as paid by bank transfer. PRECONDITION when it is paid already. */
  async run(
    principal: Principal,
    { invoiceId, reference, idempotencyKey }: Transfer,
  ): Promise<InvoiceRecord> {
    const { tenant } = principal;
    if (!isUuid(invoiceId)) throw unknownInvoice();
    checkReference(reference);
    const request = {
      operation: 'recordTransfer',
      subject: principal.accountId,
      key: idempotencyKey,
      argsHash: argsHash({ invoiceId, reference }),
    };
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      await idempotent(tx, request, async () => {
        const invoice = await findInvoiceForUpdate(tx, tenant, invoiceId);
        if (!invoice) throw unknownInvoice();
        if (invoice.status === 'PAID') throw precondition('BILLING_INVOICE_PAID', 'This invoice is paid.');
        if (invoice.status === 'CREDITED') {
          throw precondition(
            'BILLING_INVOICE_CREDITED',
            'This invoice was taken back. Fill the wallet instead.',
          );
        }
        await this.payInvoice.byTransfer(tx, invoice, reference.trim());
        return invoiceId;
      });
      return (await findInvoices(tx, tenant, [invoiceId]))[0]!;
    });
  }
}

export const unknownInvoice = () => notFound('BILLING_INVOICE', 'There is no such invoice.');
