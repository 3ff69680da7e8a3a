import { Inject, Injectable } from '@nestjs/common';
import { ZERO, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, IDS, type Tx } from '@kilowatch/platform';
import { chargesOpen, giveUp } from '../../domain/dunning.js';
import { postChargesWaived, postWriteOff } from '../../domain/dunning-ledger.js';
import type { CaseRecord } from '../../persistence/dunning.repository.js';
import { markInvoiceWrittenOff } from '../../persistence/invoice-debt.repository.js';
import { owedOf, type InvoiceRecord } from '../../persistence/invoice.repository.js';
import { insertPosting } from '../../persistence/ledger.repository.js';
import { KeepCase } from './keep-case.js';

/** Gives up what is owed of an invoice, with the charges of its case, in the caller's transaction. The caller holds the invoice. */
@Injectable()
export class WriteOff {
  constructor(
    private readonly keep: KeepCase,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async run(
    tx: Tx,
    held: CaseRecord,
    invoice: InvoiceRecord,
    { by, reason }: { readonly by?: string; readonly reason: string },
  ): Promise<CaseRecord> {
    const { tenant, accountId, currency, number } = held;
    const next = giveUp(held);
    const amount = owedOf(invoice);
    await insertPosting(
      tx,
      tenant,
      postWriteOff({ accountId, amount, currency, reference: number }, this.key()),
    );
    const open = chargesOpen(held);
    if (open.gt('0')) {
      const of = { accountId, currency, reference: `${number}/${held.version + 1}` };
      await insertPosting(tx, tenant, postChargesWaived(of, { open, paid: ZERO }, this.key()));
    }
    await markInvoiceWrittenOff(tx, tenant, invoice.id, amount);
    const after: InvoiceRecord = { ...invoice, status: 'WRITTEN_OFF', writtenOff: amount };
    return this.keep.change(tx, held, next, after, { change: 'WRITTEN_OFF', amount, by, reason });
  }

  private key() {
    return { id: this.ids.newId(), postedAt: this.clock.now() };
  }
}
