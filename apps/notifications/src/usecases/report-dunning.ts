import { Injectable } from '@nestjs/common';
import type { billing } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { dunningAlert } from '../domain/dunning-alert.js';
import { RaiseAlert } from './raise-alert.js';

/** Writes the letters about invoices that are overdue, and tells what became of them. */
@Injectable()
export class ReportDunning {
  constructor(private readonly raise: RaiseAlert) {}

  async run(tx: Tx, told: billing.DunningCaseChanged, meta: EventMeta): Promise<void> {
    const { owed, charges } = told;
    const news = {
      ...told,
      owed: owed?.amount ?? '0',
      charges: charges?.amount ?? '0',
      currency: owed?.currency ?? '',
      version: meta.aggregateVersion,
    };
    const alert = dunningAlert(news, meta.occurredAt);
    if (alert) await this.raise.run(tx, meta.tenant, alert);
  }
}
