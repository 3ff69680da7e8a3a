import { Inject, Injectable } from '@nestjs/common';
import type { Clock, IdSource } from '@kilowatch/kernel';
import { CLOCK, IDS, type DueWorkDefinition, type Tx } from '@kilowatch/platform';
import { openCase } from '../../domain/dunning.js';
import { overdueInvoices, type OverdueInvoice } from '../../persistence/dunning.repository.js';
import { findInvoices } from '../../persistence/invoice.repository.js';
import { FindDunning } from './find-dunning.js';
import { KeepCase } from './keep-case.js';

/**
 * An invoice whose last day to pay is over gets its case, once. Also where letters are switched off: then it waits for them to be
 * switched on.
 */
@Injectable()
export class OpenDunningCases implements DueWorkDefinition<OverdueInvoice> {
  readonly name = 'open-dunning-cases';
  readonly intervalMs = 1_000;
  readonly limit = 100;

  constructor(
    private readonly settings: FindDunning,
    private readonly keep: KeepCase,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<OverdueInvoice[]> {
    return overdueInvoices(tx, now, limit);
  }

  async run(tx: Tx, { tenant, invoiceId }: OverdueInvoice): Promise<void> {
    const invoice = (await findInvoices(tx, tenant, [invoiceId]))[0]!;
    const settings = await this.settings.of(tx, tenant);
    const opened = openCase(invoice.dueAt!, settings);
    const at = this.clock.now();
    const { number, accountId, currency } = invoice;
    const lookAt = settings.enabled ? opened.lookAt : undefined;
    await this.keep.open(
      tx,
      {
        ...{ ...opened, lookAt, tenant, id: this.ids.newId(), invoiceId, number, accountId, currency },
        ...{ openedAt: at, updatedAt: at, version: 1 },
      },
      invoice,
    );
  }
}
