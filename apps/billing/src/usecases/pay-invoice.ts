import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import { toWire, ZERO, type Clock, type Decimal, type IdSource } from '@kilowatch/kernel';
import { CLOCK, counter, IDS, oneAtATime, type Tx } from '@kilowatch/platform';
import { postTransfer, postWalletPayment, postWalletRefund } from '../domain/ledger.js';
import {
  findInvoiceForUpdate,
  markInvoiceCredited,
  markInvoicePaid,
  openInvoicesForUpdate,
  owedOf,
  setCardPaid,
  type InvoiceRecord,
  type PaymentMethod,
} from '../persistence/invoice.repository.js';
import { insertPosting, lockWallet, walletBalance } from '../persistence/ledger.repository.js';
import { announceWallet } from './announce-wallet.js';
import { RefundToCard } from './cards/refund-to-card.js';

/** Turns open invoices into paid ones, with their booking and event, in the caller's transaction. */
@Injectable()
export class PayInvoice {
  constructor(
    private readonly refunds: RefundToCard,
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
    const { tenant, accountId, currency } = invoice;
    const amount = owedOf(invoice);
    if ((await walletBalance(tx, tenant, { accountId, currency })).lt(amount)) return false;
    const movement = { accountId, amount, currency, reference: invoice.number };
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
   * Cards paid so much of an open invoice, which the caller has booked: never more than is owed. What is paid in full is paid. The
   * caller holds the invoice.
   */
  async byCard(tx: Tx, invoice: InvoiceRecord, amount: Decimal): Promise<InvoiceRecord> {
    const cardPaid = invoice.cardPaid.plus(amount);
    await setCardPaid(tx, invoice.tenant, invoice.id, cardPaid);
    const isPaid = cardPaid.gte(invoice.totalIncl);
    if (isPaid) await this.paid(tx, invoice, 'CARD', invoice.number);
    else if (invoice.sessionId !== undefined) tx.live('session', invoice.sessionId);
    return { ...invoice, cardPaid, status: isPaid ? 'PAID' : invoice.status };
  }

  /**
   * Settles a credit note: what cards paid of its invoice pays `next`, the invoice that takes its place, and goes back to the cards
   * beyond that; what was paid otherwise goes into the wallet; what was not paid is owed no more. No card pays a collective invoice. The caller is alone with the tenant's
   * sessions and holds no row of the invoice yet. Answers with `next` as it is then.
   */
  async settleCredit(
    tx: Tx,
    note: InvoiceRecord,
    next: InvoiceRecord | undefined,
  ): Promise<InvoiceRecord | undefined> {
    const { tenant, accountId, currency, creditsId } = note;
    lockWallet(tx, tenant, accountId);
    const original = (await findInvoiceForUpdate(tx, tenant, creditsId!))!;
    const part = note.totalIncl.neg();
    await markInvoiceCredited(tx, tenant, original.id, part);
    const { cardPaid } = original;
    const kept = next && cardPaid.gt('0') ? smaller(cardPaid, owedOf(next)) : ZERO;
    // What was owed twice and what was paid once meet in what the driver owes: nothing is booked for it.
    const followed = next && kept.gt('0') ? await this.byCard(tx, next, kept) : next;
    const owed = { tenant, amount: cardPaid.minus(kept), reference: note.number, reason: note.number };
    const stuck = owed.amount.gt('0')
      ? await this.refunds.ofSession(tx, note.sessionId!, owed, 'INVOICE')
      : ZERO;
    const otherwise = original.status === 'PAID' ? part.minus(cardPaid) : ZERO;
    const amount = otherwise.plus(stuck);
    if (amount.gt('0')) {
      const movement = { accountId, amount, currency, reference: note.number };
      await insertPosting(tx, tenant, postWalletRefund(movement, this.key()));
      await announceWallet(tx, tenant, { accountId, currency }, this.clock.now());
    }
    const method = amount.gt('0') ? 'WALLET' : cardPaid.gt('0') ? 'CARD' : 'OFFSET';
    const at = this.clock.now();
    await markInvoicePaid(tx, tenant, { invoiceId: note.id, method, reference: original.number, at });
    tx.afterCommit(() => counter('kw_credits_total').inc({ method }));
    return followed;
  }

  async byTransfer(tx: Tx, invoice: InvoiceRecord, reference: string): Promise<void> {
    const { accountId, currency, number } = invoice;
    const movement = { accountId, amount: owedOf(invoice), currency, reference: number, provider: 'bank' };
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
        sessionId: invoice.sessionId ?? '',
        amount: toWire({ amount: owedOf(invoice), currency: invoice.currency }),
        method,
      },
    });
    if (invoice.sessionId !== undefined) tx.live('session', invoice.sessionId);
    tx.afterCommit(() => counter('kw_payments_total').inc({ method }));
  }

  private key() {
    return { id: this.ids.newId(), postedAt: this.clock.now() };
  }
}

function smaller(a: Decimal, b: Decimal): Decimal {
  return a.lt(b) ? a : b;
}
