import { Inject, Injectable } from '@nestjs/common';
import { counter, CLOCK, type DueWorkDefinition, type Tx } from '@kilowatch/platform';
import type { Clock } from '@kilowatch/kernel';
import type { InvoicedCdr } from '../domain/invoice.js';
import { revivedCdr } from '../domain/revive.js';
import { lockSettling } from '../persistence/billed-session.repository.js';
import { findCdrs } from '../persistence/cdr.repository.js';
import {
  closeMonth,
  dueMonths,
  postponeMonth,
  takeCollected,
  type DueMonth,
} from '../persistence/collective.repository.js';
import { MakePayment } from './cards/make-payment.js';
import { MakeInvoice } from './make-invoice.js';
import { PayInvoice } from './pay-invoice.js';

const AGAIN_MS = 10 * 60_000;

/** Issues the collective invoices of months that are over, each in a transaction of its own: number, booking and payment, or none of it. */
@Injectable()
export class IssueCollectiveInvoices implements DueWorkDefinition<DueMonth> {
  readonly name = 'issue-collective-invoices';
  readonly intervalMs = 1_000;
  /** One transaction each: what one cannot be issued for keeps no other waiting, and numbers are not held for long. */
  readonly limit = 1;

  constructor(
    private readonly makeInvoice: MakeInvoice,
    private readonly payInvoice: PayInvoice,
    private readonly cards: MakePayment,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<DueMonth[]> {
    return dueMonths(tx, now, limit);
  }

  async run(tx: Tx, due: DueMonth): Promise<void> {
    const { tenant, accountId, month } = due;
    lockSettling(tx, tenant);
    const cdrs = await this.collected(tx, due);
    const [first, ...others] = cdrs;
    if (!first) return closeMonth(tx, due, undefined);
    const issuedAt = this.clock.now();
    const invoice = await this.makeInvoice.invoice(tx, {
      ...{ tenant, accountId, issuedAt, month },
      cdrs: [first, ...others],
    });
    await closeMonth(tx, due, invoice.id);
    // A card that the driver chose is charged without them; what it does not pay is as open as any other.
    const byCard = invoice.totalIncl.gt('0') && (await this.cards.restOf(tx, invoice));
    if (!byCard) await this.payInvoice.settleBill(tx, invoice);
    for (const { sessionId } of cdrs) tx.live('session', sessionId);
    tx.afterCommit(() => counter('kw_collective_invoices_total').inc());
  }

  failed(tx: Tx, due: DueMonth, _error: unknown, now: Date): Promise<void> {
    return postponeMonth(tx, due, new Date(now.getTime() + AGAIN_MS));
  }

  /** In the order in which they were charged. */
  private async collected(tx: Tx, due: DueMonth): Promise<InvoicedCdr[]> {
    const found = await findCdrs(tx, due.tenant, await takeCollected(tx, due));
    return found
      .map(({ document }) => revivedCdr(document))
      .sort((a, b) => a.start.getTime() - b.start.getTime() || (a.id < b.id ? -1 : 1));
  }
}
