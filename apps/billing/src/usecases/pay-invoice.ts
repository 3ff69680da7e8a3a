import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import { toWire, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, counter, IDS, oneAtATime, type Tx } from '@kilowatch/platform';
import { postTransfer, postWalletPayment, postWalletRefund } from '../domain/ledger.js';
import {
  findInvoiceForUpdate,
  markInvoiceCredited,
  markInvoicePaid,
  openInvoicesForUpdate,
  type InvoiceRecord,
  type PaymentMethod,
} from '../persistence/invoice.repository.js';
import { insertPosting, lockWallet, walletBalance } from '../persistence/ledger.repository.js';
import { announceWallet } from './announce-wallet.js';

/** Turns open invoices into paid ones, with their booking and event, in the caller's transaction. */
@Injectable()
export class PayInvoice {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /**
   * Pays the whole invoice when the balance covers it, else leaves it open. Sessions of one driver may be billed side by side: each
   * payment sees the balance the one before has left.
   */
  fromWallet(tx: Tx, invoice: InvoiceRecord): Promise<boolean> {
    const { tenant, accountId } = invoice;
    lockWallet(tx, tenant, accountId);
    return oneAtATime(tx, `wallet|${tenant}|${accountId}`, () => this.ifCovered(tx, invoice));
  }

  private async ifCovered(tx: Tx, invoice: InvoiceRecord): Promise<boolean> {
    const { tenant, accountId, currency, totalIncl } = invoice;
    if ((await walletBalance(tx, tenant, { accountId, currency })).lt(totalIncl)) return false;
    const movement = { accountId, amount: totalIncl, currency, reference: invoice.number };
    await insertPosting(tx, tenant, postWalletPayment(movement, this.key()));
    await announceWallet(tx, tenant, { accountId, currency }, this.clock.now());
    await this.paid(tx, invoice, 'WALLET', invoice.number);
    return true;
  }

  /** Oldest first, and none past one that the balance does not cover. The caller holds the wallet. */
  async openInvoices(tx: Tx, tenant: string, accountId: string, currency: string): Promise<void> {
    for (const invoice of await openInvoicesForUpdate(tx, tenant, accountId, currency)) {
      if (!(await this.fromWallet(tx, invoice))) return;
    }
  }

  /**
   * Settles a credit note: what was paid for its invoice goes into the wallet, what was not is owed no more. The caller is alone with
   * the tenant's sessions and holds no row of the invoice yet.
   */
  async settleCredit(tx: Tx, note: InvoiceRecord): Promise<void> {
    const { tenant, accountId, currency, totalIncl, creditsId } = note;
    lockWallet(tx, tenant, accountId);
    const original = (await findInvoiceForUpdate(tx, tenant, creditsId!))!;
    const wasPaid = original.status === 'PAID';
    await markInvoiceCredited(tx, tenant, original.id);
    if (wasPaid) {
      const movement = { accountId, amount: totalIncl.neg(), currency, reference: note.number };
      await insertPosting(tx, tenant, postWalletRefund(movement, this.key()));
      await announceWallet(tx, tenant, { accountId, currency }, this.clock.now());
    }
    const method = wasPaid ? 'WALLET' : 'OFFSET';
    const at = this.clock.now();
    await markInvoicePaid(tx, tenant, { invoiceId: note.id, method, reference: original.number, at });
    tx.afterCommit(() => counter('kw_credits_total').inc({ method }));
  }

  async byTransfer(tx: Tx, invoice: InvoiceRecord, reference: string): Promise<void> {
    const { accountId, currency, totalIncl: amount, number } = invoice;
    const movement = { accountId, amount, currency, reference: number, provider: 'bank' };
    await insertPosting(tx, invoice.tenant, postTransfer(movement, this.key()));
    await this.paid(tx, invoice, 'TRANSFER', reference);
  }

  private async paid(
    tx: Tx,
    invoice: InvoiceRecord,
    method: PaymentMethod,
    reference: string,
  ): Promise<void> {
    const at = this.clock.now();
    await markInvoicePaid(tx, invoice.tenant, { invoiceId: invoice.id, method, reference, at });
    tx.publish(events.invoicePaid, {
      aggregateId: invoice.id,
      aggregateVersion: 2,
      occurredAt: at,
      payload: {
        invoiceId: invoice.id,
        number: invoice.number,
        accountId: invoice.accountId,
        sessionId: invoice.sessionId,
        amount: toWire({ amount: invoice.totalIncl, currency: invoice.currency }),
        method,
      },
    });
    tx.live('session', invoice.sessionId);
    tx.afterCommit(() => counter('kw_payments_total').inc({ method }));
  }

  private key() {
    return { id: this.ids.newId(), postedAt: this.clock.now() };
  }
}
