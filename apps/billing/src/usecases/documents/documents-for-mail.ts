import { Injectable } from '@nestjs/common';
import type { billing } from '@kilowatch/contracts';
import { isAppError, isUuid } from '@kilowatch/kernel';
import { Database, tenantScope } from '@kilowatch/platform';
import { sheetLocale } from '../../domain/documents/sheet-texts.js';
import { findInvoices, type InvoiceRecord } from '../../persistence/invoice.repository.js';
import { unknownInvoice } from '../record-transfer.js';
import { InvoiceDocuments, type DocumentFile } from './invoice-documents.js';

/** Below what a gRPC client takes in one answer (4 MiB), and what a mail server takes once it is base64 (10 MB and more). */
const MOST_BYTES = 3_000_000;

/** The papers of an invoice or credit note for the mail that tells its account of it. */
@Injectable()
export class DocumentsForMail {
  constructor(
    private readonly database: Database,
    private readonly documents: InvoiceDocuments,
  ) {}

  /** NOT_FOUND when it is not the account's. What does not fit into the rest of `maxBytes` is left out by name. */
  async run(
    tenant: string,
    { invoiceId, accountId, locale, maxBytes }: billing.GetInvoiceDocumentsRequest,
  ): Promise<billing.GetInvoiceDocumentsResponse> {
    const [invoice] = isUuid(invoiceId)
      ? await this.database.read(tenantScope(tenant), (tx) => findInvoices(tx, tenant, [invoiceId]))
      : [];
    if (invoice?.accountId !== accountId) throw unknownInvoice();
    const files = [await this.documents.pdfOf(invoice, sheetLocale(locale)), ...this.ublOf(invoice)];
    let room = Math.min(maxBytes, MOST_BYTES);
    const [documents, tooLarge]: [DocumentFile[], string[]] = [[], []];
    for (const file of files) {
      if (file.content.length > room) tooLarge.push(file.name);
      else {
        documents.push(file);
        room -= file.content.length;
      }
    }
    return { documents, tooLarge };
  }

  /** None where the seller or the currency of this invoice allows none. */
  private ublOf(invoice: InvoiceRecord): DocumentFile[] {
    try {
      return [this.documents.ublOf(invoice)];
    } catch (error) {
      if (isAppError(error) && ['INVALID', 'PRECONDITION'].includes(error.kind)) return [];
      throw error;
    }
  }
}
