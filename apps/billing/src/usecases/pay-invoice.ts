import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import { precondition, toWire, ZERO, type Clock, type Decimal, type IdSource } from '@kilowatch/kernel';
import { CLOCK, counter, IDS, oneAtATime, type Tx } from '@kilowatch/platform';
import { postReceived, postWriteOffUndone } from '../domain/dunning-ledger.js';
import { postWalletPayment, postWalletRefund } from '../domain/ledger.js';
import type { PaymentSplit } from '../domain/payment-split.js';
import {
  findInvoiceForUpdate,
  markInvoiceCredited,
  markInvoicePaid,
  openInvoicesForUpdate,
  owedOf,
  reopenInvoice,
  setCardPaid,
  type InvoiceRecord,
  type PaymentMethod,
} from '../persistence/invoice.repository.js';
import { setPaidParts } from '../persistence/invoice-debt.repository.js';
import { insertPosting, lockWallet, walletBalance } from '../persistence/ledger.repository.js';
import { announceWallet } from './announce-wallet.js';
import { RefundToCard, type Owed } from './cards/refund-to-card.js';
import { SettleClaims } from './cards/settle-claims.js';
import { SettleDunning } from './dunning/settle-dunning.js';
import { unsettledBills } from './unsettled-bills.js';

/** Turns open invoices into paid ones, with their booking and event, in the caller's transaction. */
@Injectable()
export class PayInvoice {
  constructor(
    private readonly refunds: RefundToCard,
    private readonly dunning: SettleDunning,
    private readonly claims: SettleClaims,
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
    return oneAtATime(tx, walletName(invoice), () => this.ifCovered(tx, invoice));
  }

  /** Whatever a bill comes to: above zero the wallet pays it, if it covers it, below zero it is paid into the wallet. */
  async settleBill(tx: Tx, invoice: InvoiceRecord): Promise<void> {
    if (invoice.totalIncl.gt('0')) await this.fromWallet(tx, invoice);
    else await this.inFavour(tx, invoice);
  }

  /**
   * A bill of nothing or less is settled at once: it is never open, so that no card is asked and no letter written. What comes into the wallet pays
   * what the driver owed before.
   */
  async inFavour(tx: Tx, invoice: InvoiceRecord): Promise<void> {
    const { tenant, accountId, currency } = invoice;
    lockWallet(tx, tenant, accountId);
    await oneAtATime(tx, walletName(invoice), async () => {
      const amount = invoice.totalIncl.neg();
      if (amount.eq('0')) return this.paid(tx, invoice, 'OFFSET', invoice.number);
      const movement = { accountId, amount, currency, reference: invoice.number };
      await insertPosting(tx, tenant, postWalletRefund(movement, this.key()));
      await announceWallet(tx, tenant, { accountId, currency }, this.clock.now());
      await this.paid(tx, invoice, 'WALLET', invoice.number);
      await this.allOpen(tx, tenant, accountId, currency);
    });
  }

  /** Oldest first; false: one is not covered. Those that this transaction has still to settle are left to who made them. */
  private async allOpen(tx: Tx, tenant: string, accountId: string, currency: string): Promise<boolean> {
    for (const open of await openInvoicesForUpdate(tx, tenant, accountId, currency)) {
      if (unsettledBills(tx).has(open.id)) continue;
      if (!(await this.ifCovered(tx, open))) return false;
    }
    return true;
  }

  private async ifCovered(tx: Tx, invoice: InvoiceRecord): Promise<boolean> {
    const { tenant, accountId, currency } = invoice;
    const amount = owedOf(invoice);
    unsettledBills(tx).delete(invoice.id);
    if ((await walletBalance(tx, tenant, { accountId, currency })).lt(amount)) return false;
    const { number, reopened } = invoice;
    // Once for each time that it is owed.
    const reference = reopened === 0 ? number : `${number}/${reopened}`;
    const movement = { accountId, amount, currency, reference };
    await insertPosting(tx, tenant, postWalletPayment(movement, this.key()));
    await announceWallet(tx, tenant, { accountId, currency }, this.clock.now());
    await this.paid(tx, invoice, 'WALLET', invoice.number);
    return true;
  }

  /**
   * Oldest first, and none past one that the balance does not cover; what is left then pays fees and interest of dunning, and what banks
   * took back. The caller holds the wallet.
   */
  async openInvoices(tx: Tx, tenant: string, accountId: string, currency: string): Promise<void> {
    lockWallet(tx, tenant, accountId);
    const all = () => this.allOpen(tx, tenant, accountId, currency);
    if (!(await oneAtATime(tx, walletName({ tenant, accountId }), all))) return;
    await this.dunning.fromWallet(tx, tenant, accountId, currency);
    await this.claims.fromWallet(tx, tenant, accountId, currency);
  }

  /**
   * Cards paid so much of an open invoice, which the caller has booked: never more than is owed. What is paid in full is paid. The
   * caller holds the invoice.
   */
  async byCard(tx: Tx, invoice: InvoiceRecord, amount: Decimal): Promise<InvoiceRecord> {
    const cardPaid = invoice.cardPaid.plus(amount);
    await setCardPaid(tx, invoice.tenant, invoice.id, cardPaid);
    const after = { ...invoice, cardPaid };
    const isPaid = !owedOf(after).gt('0');
    if (isPaid) await this.paid(tx, invoice, 'CARD', invoice.number);
    else await this.partPaid(tx, after, amount, 'PAYMENT');
    return { ...after, status: isPaid ? 'PAID' : invoice.status };
  }

  /**
   * A bank took back so much of what cards had paid of it, which the caller has booked: it is owed again. The caller holds the invoice,
   * which is open or paid.
   */
  async takenBack(tx: Tx, invoice: InvoiceRecord, amount: Decimal): Promise<void> {
    const { tenant, id, status } = invoice;
    const cardPaid = invoice.cardPaid.minus(amount);
    if (status === 'OPEN') await setCardPaid(tx, tenant, id, cardPaid);
    else {
      // What was owed when somebody paid it is what was paid otherwise.
      const transferPaid = invoice.transferPaid.plus(owedOf(invoice));
      await reopenInvoice(tx, tenant, id, { cardPaid, transferPaid });
    }
    await this.dunning.owedAgain(tx, (await findInvoiceForUpdate(tx, tenant, id))!, amount);
    if (invoice.sessionId !== undefined) tx.live('session', invoice.sessionId);
  }

  /**
   * Settles a credit note: what cards paid of its invoice pays `next`, the invoice that takes its place, and goes back to the cards
   * beyond that; what was paid otherwise goes into the wallet; what was not paid is owed no more. What was in the driver's favour is owed by them
   * again. The caller is alone with the tenant's sessions and holds no row of the invoice yet. Answers with `next`
   * as it is then.
   */
  async settleCredit(
    tx: Tx,
    note: InvoiceRecord,
    next: InvoiceRecord | undefined,
  ): Promise<InvoiceRecord | undefined> {
    const { tenant, accountId, currency, creditsId } = note;
    lockWallet(tx, tenant, accountId);
    const original = (await findInvoiceForUpdate(tx, tenant, creditsId!))!;
    unsettledBills(tx).delete(note.id);
    const part = note.totalIncl.neg();
    if (part.lt('0')) {
      await this.owedAgain(tx, note, original);
      return next;
    }
    await markInvoiceCredited(tx, tenant, original.id, part);
    const isMonth = original.sessionId === undefined;
    // Of a collective invoice its other sessions keep what cards paid; what is still owed of it is set off before.
    const cardPaid = isMonth ? ofCards(original, part) : original.cardPaid;
    if (isMonth && cardPaid.gt('0')) {
      await setCardPaid(tx, tenant, original.id, original.cardPaid.minus(cardPaid));
    }
    const kept = next && cardPaid.gt('0') ? smaller(cardPaid, owedOf(next)) : ZERO;
    // What was owed twice and what was paid once meet in what the driver owes: nothing is booked for it.
    const followed = next && kept.gt('0') ? await this.byCard(tx, next, kept) : next;
    const owed = { tenant, amount: cardPaid.minus(kept), reference: note.number, reason: note.number };
    const stuck = owed.amount.gt('0') ? await this.toCards(tx, original, note, owed) : ZERO;
    const amount = (await this.paidOtherwise(tx, original, part, cardPaid)).plus(stuck);
    if (amount.gt('0')) {
      const movement = { accountId, amount, currency, reference: note.number };
      await insertPosting(tx, tenant, postWalletRefund(movement, this.key()));
      await announceWallet(tx, tenant, { accountId, currency }, this.clock.now());
    }
    const method = amount.gt('0') ? 'WALLET' : cardPaid.gt('0') ? 'CARD' : 'OFFSET';
    const at = this.clock.now();
    await markInvoicePaid(tx, tenant, { invoiceId: note.id, method, reference: original.number, at });
    await this.afterCredit(tx, (await findInvoiceForUpdate(tx, tenant, original.id))!);
    tx.afterCommit(() => counter('kw_credits_total').inc({ method }));
    return followed;
  }

  private toCards(tx: Tx, original: InvoiceRecord, note: InvoiceRecord, owed: Owed): Promise<Decimal> {
    return original.sessionId === undefined
      ? this.refunds.ofInvoice(tx, original.id, owed, 'INVOICE')
      : this.refunds.ofSession(tx, note.sessionId!, owed, 'INVOICE');
  }

  /**
   * Takes back what was in the driver's favour. On an invoice that is not paid yet it had lessened what is owed, which is more again; else it was
   * paid into the wallet, and the document that takes it back is open until the wallet, a transfer or a card pays it. PRECONDITION where the rest of
   * the invoice was given up.
   */
  private async owedAgain(tx: Tx, note: InvoiceRecord, original: InvoiceRecord): Promise<void> {
    const { tenant } = note;
    if (original.status === 'WRITTEN_OFF') {
      throw precondition(
        'BILLING_INVOICE_WRITTEN_OFF',
        "This invoice was given up: what is in the driver's favour on it is not taken back.",
      );
    }
    await markInvoiceCredited(tx, tenant, original.id, note.totalIncl.neg());
    if (original.status === 'OPEN') {
      const of = { invoiceId: note.id, method: 'OFFSET', reference: original.number } as const;
      await markInvoicePaid(tx, tenant, { ...of, at: this.clock.now() });
    }
    await this.afterCredit(tx, (await findInvoiceForUpdate(tx, tenant, original.id))!);
  }

  /**
   * What of a part that is credited had been paid other than by card, which paid `cardPaid` of it: it comes into the wallet. What was given up of it is no loss any
   * more, and what was still owed of it was paid by nobody.
   */
  private async paidOtherwise(
    tx: Tx,
    original: InvoiceRecord,
    part: Decimal,
    cardPaid: Decimal,
  ): Promise<Decimal> {
    const { tenant, accountId, currency, number, status, writtenOff, transferPaid, creditedIncl } = original;
    const undone = status === 'WRITTEN_OFF' ? smaller(part, writtenOff) : ZERO;
    if (undone.gt('0')) {
      const reference = `${number}/${creditedIncl.toFixed()}`;
      const movement = { accountId, amount: undone, currency, reference };
      await insertPosting(tx, tenant, postWriteOffUndone(movement, this.key()));
    }
    const unpaid = status === 'OPEN' ? smaller(part, owedOf(original)) : ZERO;
    const otherwise = part.minus(cardPaid).minus(undone).minus(unpaid);
    const amount = otherwise.gt('0') ? otherwise : ZERO;
    if (status !== 'PAID' && (undone.gt('0') || amount.gt('0'))) {
      const parts = { transferPaid: transferPaid.minus(amount), writtenOff: writtenOff.minus(undone) };
      await setPaidParts(tx, tenant, original.id, parts);
    }
    return amount;
  }

  /** Taken back as a whole, or so much of it that nothing is left to pay. */
  private async afterCredit(tx: Tx, invoice: InvoiceRecord): Promise<void> {
    const { status, number, writtenOff } = invoice;
    if (status === 'CREDITED') return this.dunning.takenBack(tx, invoice);
    if (status === 'PAID' || owedOf(invoice).gt('0') || writtenOff.gt('0')) return;
    await this.paid(tx, invoice, 'TRANSFER', number);
  }

  /**
   * Money that arrived for an invoice, as it was split: booked under `reference`, which is another for each. The caller holds wallet and
   * invoice; `bank` is the reference of the transfer.
   */
  async received(
    tx: Tx,
    invoice: InvoiceRecord,
    split: PaymentSplit,
    { reference, bank }: { readonly reference: string; readonly bank: string },
  ): Promise<void> {
    const { tenant, accountId, currency } = invoice;
    const of = { accountId, currency, reference, provider: 'bank' };
    await insertPosting(tx, tenant, postReceived(of, split, this.key()));
    if (split.wallet.gt('0')) await announceWallet(tx, tenant, { accountId, currency }, this.clock.now());
    const amount = split.invoice.plus(split.recovered);
    if (!amount.gt('0')) return;
    const after: InvoiceRecord = {
      ...invoice,
      transferPaid: invoice.transferPaid.plus(amount),
      writtenOff: invoice.writtenOff.minus(split.recovered),
    };
    await setPaidParts(tx, tenant, invoice.id, after);
    const isPaid = !owedOf(after).gt('0') && after.writtenOff.eq('0');
    if (isPaid) await this.paid(tx, invoice, 'TRANSFER', bank, amount);
    else await this.partPaid(tx, after, amount, split.recovered.gt('0') ? 'RECOVERY' : 'PAYMENT');
  }

  private async partPaid(
    tx: Tx,
    invoice: InvoiceRecord,
    amount: Decimal,
    change: 'PAYMENT' | 'RECOVERY',
  ): Promise<void> {
    await this.dunning.partPaid(tx, invoice, amount, change);
    if (invoice.sessionId !== undefined) tx.live('session', invoice.sessionId);
  }

  private async paid(
    tx: Tx,
    invoice: InvoiceRecord,
    method: PaymentMethod,
    reference: string,
    amount = owedOf(invoice),
  ): Promise<void> {
    const at = this.clock.now();
    await markInvoicePaid(tx, invoice.tenant, { invoiceId: invoice.id, method, reference, at });
    tx.publish(events.invoicePaid, {
      aggregateId: invoice.id,
      aggregateVersion: 2 + invoice.reopened,
      occurredAt: at,
      payload: {
        invoiceId: invoice.id,
        number: invoice.number,
        accountId: invoice.accountId,
        sessionId: invoice.sessionId ?? '',
        amount: toWire({ amount, currency: invoice.currency }),
        method,
      },
    });
    await this.dunning.paid(tx, { ...invoice, status: 'PAID' });
    if (invoice.sessionId !== undefined) tx.live('session', invoice.sessionId);
    tx.afterCommit(() => counter('kw_payments_total').inc({ method }));
  }

  private key() {
    return { id: this.ids.newId(), postedAt: this.clock.now() };
  }
}

function walletName({ tenant, accountId }: Pick<InvoiceRecord, 'tenant' | 'accountId'>): string {
  return `wallet|${tenant}|${accountId}`;
}

/** What cards had paid of the part of an invoice that is credited. */
function ofCards(original: InvoiceRecord, part: Decimal): Decimal {
  const unpaid = original.status === 'OPEN' ? smaller(part, owedOf(original)) : ZERO;
  return smaller(original.cardPaid, part.minus(unpaid).minus(smaller(original.writtenOff, part)));
}

function smaller(a: Decimal, b: Decimal): Decimal {
  return a.lt(b) ? a : b;
}
