import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import { toWire, ZERO, type Clock, type Decimal, type IdSource } from '@kilowatch/kernel';
import { CLOCK, counter, IDS, type Tx } from '@kilowatch/platform';
import { postCardFee, postCardPayment } from '../../domain/card-ledger.js';
import { reservedOf } from '../../domain/card-reservation.js';
import {
  dueAfter,
  isSame,
  LIVE_STATES,
  observe,
  type Observation,
  type PaymentState,
} from '../../domain/payment.js';
import {
  findInvoicesOfSessions,
  findInvoiceForUpdate,
  owedOf,
  type InvoiceRecord,
} from '../../persistence/invoice.repository.js';
import { insertPosting, lockWallet } from '../../persistence/ledger.repository.js';
import {
  paymentsOfSessionForUpdate,
  updatePayment,
  type PaymentRecord,
} from '../../persistence/payment.repository.js';
import { isBilled } from '../../persistence/cdr.repository.js';
import { forgetLow } from '../../persistence/session-fund.repository.js';
import { announceWallet } from '../announce-wallet.js';
import { CardFunds } from '../card-funds.js';
import { PayInvoice } from '../pay-invoice.js';
import { aimPayment } from './aim-payment.js';
import { MakePayment } from './make-payment.js';
import { PAYMENT_PROVIDER, type PaymentProvider, type ProviderPayment } from './payment-provider.js';
import { RefundToCard } from './refund-to-card.js';

/** What was heard of a payment, from an answer, a look or a webhook: all the same, in any order. */
export interface Heard extends Observation {
  readonly ref?: string;
  readonly authorisedUntil?: Date | undefined;
  readonly fee?: Decimal | undefined;
  readonly failureCode?: string | undefined;
}

const NOTHING_TAKEN: readonly PaymentState[] = ['DECLINED', 'CANCELLED', 'EXPIRED'];

/**
 * Joins what was heard of a payment to what is known, and does what follows from it in the caller's transaction: books what was taken,
 * pays the invoice or fills the wallet, asks for a rest, tells others. The caller is alone with the tenant's sessions (`lockSettling`)
 * and holds the payment.
 */
@Injectable()
export class ApplyObservation {
  constructor(
    private readonly payInvoice: PayInvoice,
    private readonly make: MakePayment,
    private readonly refunds: RefundToCard,
    private readonly funds: CardFunds,
    @Inject(PAYMENT_PROVIDER) private readonly provider: PaymentProvider,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async run(tx: Tx, known: PaymentRecord, heard: Heard | ProviderPayment): Promise<void> {
    const now = this.clock.now();
    const progress = observe(known, heard);
    const news = !isSame(known, progress) && !isBackAgain(known, progress);
    const fee = known.fee ?? heard.fee ?? null;
    const merged: PaymentRecord = {
      ...known,
      ...progress,
      booked: progress.captured,
      fee,
      feeKnown: fee !== null,
      providerRef: known.providerRef ?? heard.ref ?? null,
      authorisedUntil: heard.authorisedUntil ?? known.authorisedUntil,
      failureCode: heard.failureCode ?? (progress.state === 'DECLINED' ? known.failureCode : null),
      attempts: news ? 0 : known.attempts,
      version: known.version + (news ? 1 : 0),
      updatedAt: news ? now : known.updatedAt,
    };
    await updatePayment(tx, { ...merged, dueAt: dueAfter(merged, merged.attempts, now) });
    if (known.fee === null && fee !== null && fee.gt('0')) await this.bookFee(tx, merged, fee);
    const taken = progress.captured.minus(known.booked);
    if (taken.gt('0')) await this.bookTaken(tx, known, taken);
    if (!news) return;
    this.announce(tx, merged);
    await this.tellFunds(tx, merged);
    if (merged.state === known.state || !NOTHING_TAKEN.includes(merged.state)) return;
    await this.askOtherwise(tx, merged);
    if (merged.purpose !== 'TOP_UP') await this.askWallet(tx, merged);
  }

  /** What no card is asked for any more waits for no top-up where the wallet covers it. */
  private askWallet(tx: Tx, { tenant, accountId, currency }: PaymentRecord): Promise<void> {
    return this.payInvoice.openInvoices(tx, tenant, accountId, currency);
  }

  private async bookTaken(tx: Tx, payment: PaymentRecord, taken: Decimal): Promise<void> {
    const { tenant, accountId, currency, purpose, id, booked } = payment;
    lockWallet(tx, tenant, accountId);
    const invoice = purpose === 'TOP_UP' ? undefined : await this.invoiceOf(tx, payment);
    const open = invoice?.status === 'OPEN' ? invoice : undefined;
    const due = open ? owedOf(open) : ZERO;
    const owed = taken.gt(due) ? due : taken;
    const rest = taken.minus(owed);
    const wallet = purpose === 'TOP_UP' ? rest : ZERO;
    const back = purpose === 'TOP_UP' ? ZERO : rest;
    // Once per payment; should more be taken of it later, the second booking has another name.
    const reference = booked.eq('0') ? id : `${id}:${booked.plus(taken).toFixed()}`;
    const money = { accountId, currency, provider: this.provider.name, reference };
    await insertPosting(tx, tenant, postCardPayment(money, { owed, wallet, back }, this.key()));
    if (open && owed.gt('0')) await this.payInvoice.byCard(tx, open, owed);
    if (back.gt('0')) {
      await this.refunds.note(tx, payment, back, { reason: 'more was taken than is owed' });
    }
    if (wallet.gt('0')) {
      await announceWallet(tx, tenant, { accountId, currency }, this.clock.now());
      await this.payInvoice.openInvoices(tx, tenant, accountId, currency);
    }
    if (open && purpose === 'SESSION' && owed.lt(due) && !(await this.othersGive(tx, payment))) {
      await this.make.restOf(tx, { ...open, cardPaid: open.cardPaid.plus(owed) });
    }
  }

  /** The invoice that stands for the session now, which a correction may have put in the place of the one that was paid for. */
  async invoiceOf(
    tx: Tx,
    { tenant, sessionId, invoiceId }: Pick<PaymentRecord, 'tenant' | 'sessionId' | 'invoiceId'>,
  ): Promise<InvoiceRecord | undefined> {
    if (sessionId === undefined) return invoiceId ? findInvoiceForUpdate(tx, tenant, invoiceId) : undefined;
    const invoices = await findInvoicesOfSessions(tx, tenant, [sessionId]);
    const standing = invoices.findLast(
      // What is asked for a session pays no collective invoice: that is asked for itself.
      ({ invoice }) => invoice.kind === 'INVOICE' && invoice.status !== 'CREDITED' && invoice.sessionId,
    );
    return standing && findInvoiceForUpdate(tx, tenant, standing.invoice.id);
  }

  private bookFee(tx: Tx, { tenant, id, currency }: PaymentRecord, fee: Decimal): Promise<void> {
    const money = { currency, provider: this.provider.name, reference: id };
    return insertPosting(tx, tenant, postCardFee(money, fee, this.key()));
  }

  /**
   * A running session lives on what its card gave, all reservations together. One whose card gave nothing is stopped, and one whose reservation
   * runs out without another in its place: it ends and is billed while there is something to take.
   */
  private async tellFunds(tx: Tx, payment: PaymentRecord): Promise<void> {
    const { tenant, purpose, state, sessionId, accountId, currency, goal, renews } = payment;
    if (purpose !== 'SESSION' || sessionId === undefined || goal !== null) return;
    if (state !== 'AUTHORISED' && !NOTHING_TAKEN.includes(state)) return;
    const now = this.clock.now();
    const isHeld = state === 'AUTHORISED';
    // It was asked for while the bill was made.
    if (isHeld && (await isBilled(tx, tenant, sessionId))) return aimPayment(tx, payment, ZERO, now);
    const all = await paymentsOfSessionForUpdate(tx, tenant, sessionId);
    const replaced = isHeld
      ? all.find(({ id, state: is, goal: to }) => id === renews && is === 'AUTHORISED' && to === null)
      : undefined;
    if (replaced) await aimPayment(tx, replaced, ZERO, now);
    const limit = reservedOf(all.filter(({ id, purpose: of }) => of === 'SESSION' && id !== replaced?.id));
    const isRenewal = !isHeld && renews !== undefined;
    const asked = { sessionId, accountId, asked: { amount: isRenewal ? ZERO : limit, currency } };
    await this.funds.authorised(tx, tenant, asked);
    // What was asked for beside it is not there: the driver is told that most is used.
    if (!isHeld && !isRenewal && limit.gt('0')) await forgetLow(tx, tenant, sessionId);
  }

  /** Nothing came of what was reserved, and the bill is there: asked for as it is. */
  private async askOtherwise(tx: Tx, payment: PaymentRecord): Promise<void> {
    if (payment.purpose !== 'SESSION' || !payment.goal?.gt('0')) return;
    if (await this.othersGive(tx, payment)) return;
    const invoice = await this.invoiceOf(tx, payment);
    if (invoice) await this.make.restOf(tx, invoice);
  }

  /** Another reservation of the session is still to be taken: what is missing is asked for after it. */
  private async othersGive(tx: Tx, { tenant, id, sessionId }: PaymentRecord): Promise<boolean> {
    if (sessionId === undefined) return false;
    const all = await paymentsOfSessionForUpdate(tx, tenant, sessionId);
    return all.some(
      (one) =>
        one.id !== id && one.purpose === 'SESSION' && LIVE_STATES.includes(one.state) && one.goal?.gt('0'),
    );
  }

  private announce(tx: Tx, payment: PaymentRecord): void {
    const { id, accountId, purpose, sessionId, invoiceId, state, currency, version } = payment;
    tx.publish(events.paymentChanged, {
      aggregateId: id,
      aggregateVersion: version,
      occurredAt: payment.updatedAt,
      payload: {
        paymentId: id,
        accountId,
        purpose,
        sessionId: sessionId ?? '',
        invoiceId: invoiceId ?? '',
        state,
        amount: toWire({ amount: payment.amount, currency }),
        captured: toWire({ amount: payment.captured, currency }),
        refunded: toWire({ amount: payment.refunded, currency }),
        failureCode: payment.failureCode ?? '',
        attended: payment.attended,
        beside: payment.part > 1 && payment.renews === undefined,
      },
    });
    if (sessionId !== undefined) tx.live('session', sessionId);
    tx.afterCommit(() => counter('kw_card_payments_total').inc({ purpose, state }));
  }

  private key() {
    return { id: this.ids.newId(), postedAt: this.clock.now() };
  }
}

/** A look showed that what was asked has not happened: it stands where it stood, and the pauses between questions go on growing. */
function isBackAgain(known: PaymentRecord, { state }: { readonly state: PaymentState }): boolean {
  const wasFurther = known.operation === 'CAPTURE' || known.operation === 'CANCEL';
  return known.state === 'UNKNOWN' && wasFurther && (state === 'AUTHORISED' || state === 'REQUIRES_ACTION');
}
