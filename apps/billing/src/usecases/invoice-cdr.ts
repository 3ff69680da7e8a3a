import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, type Tx } from '@kilowatch/platform';
import type { Cdr } from '../domain/cdr.js';
import { collectiveMonth, nextMonth } from '../domain/collective.js';
import { USUAL_TERMS } from '../domain/payment-terms.js';
import { collectCdr } from '../persistence/collective.repository.js';
import type { InvoiceRecord } from '../persistence/invoice.repository.js';
import { agreedTerms } from '../persistence/payment-terms.repository.js';
import { COLLECTIVE, type CollectiveSettings } from './collective-settings.js';
import { MakeInvoice } from './make-invoice.js';

/** Where a CDR that is to be paid goes: an invoice of its own, or the collective one of its month. */
@Injectable()
export class InvoiceCdr {
  constructor(
    private readonly makeInvoice: MakeInvoice,
    @Inject(COLLECTIVE) private readonly calendar: CollectiveSettings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** In the caller's transaction, under `lockSettling`. Undefined: it waits for its collective invoice, or there is nothing to pay. */
  async run(tx: Tx, tenant: string, accountId: string, cdr: Cdr): Promise<InvoiceRecord | undefined> {
    // Nothing to pay, or nobody we could send it to (roaming, unknown): a record of the session only.
    if (accountId === '' || cdr.total.incl.eq('0')) return undefined;
    const { invoicing } = (await agreedTerms(tx, tenant, accountId)) ?? USUAL_TERMS;
    if (invoicing === 'PER_SESSION') {
      return this.makeInvoice.invoice(tx, { tenant, accountId, issuedAt: cdr.issuedAt, cdrs: [cdr] });
    }
    const { id: cdrId, currency } = cdr;
    let month = collectiveMonth(cdr.end, this.clock.now(), this.calendar);
    while (!(await collectCdr(tx, tenant, { cdrId, accountId, currency, ...month }))) {
      month = nextMonth(month.month, this.calendar);
    }
    return undefined;
  }
}
