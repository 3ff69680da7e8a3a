import { Inject, Injectable } from '@nestjs/common';
import { tenantId, toAppError } from '@kilowatch/kernel';
import { LOGGER, type Logger } from '@kilowatch/platform';
import { isWorthWaiting, MOST_PAPER_BYTES, NO_PAPERS, type Papers } from '../domain/papers.js';
import { BILLING, type BillingClient } from '../peers.js';

/** An invoice for a month of many sessions takes seconds to make; still within the lease of the attempt. */
const ASKING_MS = 15_000;

export interface WantedPapers {
  readonly tenant: string;
  readonly documentId: string;
  readonly accountId: string;
  readonly locale: string;
  /** Of the mail, from 1. */
  readonly attempt: number;
}

/** Asks billing for the papers of an invoice or credit note, in the language of the reader. */
@Injectable()
export class FetchPapers {
  constructor(
    @Inject(BILLING) private readonly billing: BillingClient,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Throws while it is worth trying again; none at all when it is not. */
  async run({ tenant, documentId, accountId, locale, attempt }: WantedPapers): Promise<Papers> {
    const request = { invoiceId: documentId, accountId, locale, maxBytes: MOST_PAPER_BYTES };
    const options = { tenant: tenantId(tenant), deadlineMs: ASKING_MS, idempotent: true };
    try {
      const { documents, tooLarge } = await this.billing.getInvoiceDocuments(request, options);
      return { attached: documents, tooLarge, missing: documents.length + tooLarge.length === 0 };
    } catch (error) {
      const { kind, code } = toAppError(error);
      if (isWorthWaiting(kind, attempt)) throw error;
      this.log.warn({ documentId, attempt, code }, 'a mail goes without the papers of its invoice');
      return NO_PAPERS;
    }
  }
}
