import { Inject, Injectable } from '@nestjs/common';
import { metering } from '@kilowatch/contracts';
import { Database, mayOn, tenantScope, type Principal } from '@kilowatch/platform';
import { invoiceSheet, type SheetSession } from '../../domain/documents/invoice-sheet.js';
import type { SheetLocale } from '../../domain/documents/sheet-texts.js';
import { ublOf } from '../../domain/documents/ubl.js';
import { findSessions, type StoredEnergy } from '../../persistence/billed-session.repository.js';
import { findCdrs, type CdrRecord } from '../../persistence/cdr.repository.js';
import type { InvoiceRecord } from '../../persistence/invoice.repository.js';
import { placeOf } from '../place-text.js';
import { SELLER, type Seller } from '../seller.js';
import { unknownInvoice } from '../record-transfer.js';
import { renderPdf } from './render-pdf.js';

export interface DocumentFile {
  readonly name: string;
  readonly mediaType: string;
  readonly content: Buffer;
}

/**
 * The papers of an invoice: made when somebody asks, from what was stored when it was issued and never changes, so that they are the same
 * whenever they are made. For whoever may see the invoice.
 */
@Injectable()
export class InvoiceDocuments {
  constructor(
    private readonly database: Database,
    @Inject(SELLER) private readonly seller: Seller,
  ) {}

  /** NOT_FOUND when it is not theirs. */
  async pdf(principal: Principal, invoice: InvoiceRecord, locale: SheetLocale): Promise<DocumentFile> {
    assertVisible(principal, invoice);
    return this.pdfOf(invoice, locale);
  }

  /** NOT_FOUND when it is not theirs; otherwise as `ublOf`. */
  ubl(principal: Principal, invoice: InvoiceRecord): DocumentFile {
    assertVisible(principal, invoice);
    return this.ublOf(invoice);
  }

  /** INVALID without a country of the seller, PRECONDITION in a currency that EN 16931 cannot say. */
  ublOf({ document, number }: InvoiceRecord): DocumentFile {
    const { party, timeZone } = this.seller;
    const xml = ublOf(document, { country: document.seller.country || party.country, timeZone });
    return { name: `${number}.xml`, mediaType: 'application/xml', content: Buffer.from(xml, 'utf8') };
  }

  async pdfOf(
    { tenant, document, number, issuedAt }: InvoiceRecord,
    locale: SheetLocale,
  ): Promise<DocumentFile> {
    const sessionIds = [...new Set(document.lines.map(({ sessionId }) => sessionId))];
    const cdrIds = [...new Set(document.lines.map(({ cdrId }) => cdrId))];
    const [cdrs, known] = await this.database.read(tenantScope(tenant), (tx) =>
      Promise.all([findCdrs(tx, tenant, cdrIds), findSessions(tx, tenant, sessionIds)]),
    );
    const energies = new Map(known.map(({ sessionId, energy }) => [sessionId, energy]));
    const sessions = cdrs
      .sort((a, b) => (a.document.start < b.document.start ? -1 : 1))
      .map((cdr) => sheetSession(cdr, energies.get(cdr.sessionId)));
    const sheet = invoiceSheet({ invoice: document, sessions, locale, timeZone: this.seller.timeZone });
    const content = await renderPdf(sheet, issuedAt);
    return { name: `${number}.pdf`, mediaType: 'application/pdf', content };
  }
}

function assertVisible(principal: Principal, invoice: InvoiceRecord): void {
  if (invoice.tenant !== principal.tenant || !mayOn(principal, 'billing:read', invoice))
    throw unknownInvoice();
}

function sheetSession(
  { document: cdr, course, snapshot }: CdrRecord,
  energy: StoredEnergy | undefined,
): SheetSession {
  return {
    cdr,
    course,
    place: placeOf(snapshot),
    token: snapshot.tokenMasked,
    beginMwh: energy?.beginRegisterMwh ?? undefined,
    endMwh: energy?.endRegisterMwh ?? undefined,
    signedVerdict: verdictOf(energy),
  };
}

/** Energy that was closed by a release before says nothing of signatures. */
function verdictOf(energy: StoredEnergy | undefined): string {
  const name = energy?.signedVerdict === undefined ? undefined : metering.SignedVerdict[energy.signedVerdict];
  const verdict = name?.replace('SIGNED_VERDICT_', '') ?? '';
  return verdict === 'UNSPECIFIED' ? '' : verdict;
}
