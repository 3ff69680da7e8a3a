import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import { sumDecimals, toWire, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, counter, IDS, LOGGER, type Logger, type Tx } from '@kilowatch/platform';
import { postForeignRefund, postRefundFailed, postRefundMade } from '../../domain/card-ledger.js';
import { isOver } from '../../domain/refund.js';
import { findInvoices } from '../../persistence/invoice.repository.js';
import { insertPosting, lockWallet } from '../../persistence/ledger.repository.js';
import {
  findRefundForUpdate,
  findRefundsOfPayments,
  insertRefund,
  updateRefund,
  type RefundRecord,
} from '../../persistence/payment-refund.repository.js';
import {
  findPaymentByRef,
  findPaymentForUpdate,
  findPayments,
  type PaymentRecord,
} from '../../persistence/payment.repository.js';
import { announceWallet } from '../announce-wallet.js';
import { PayInvoice } from '../pay-invoice.js';
import { ApplyObservation } from './apply-observation.js';
import { PAYMENT_PROVIDER, type PaymentProvider, type ProviderRefund } from './payment-provider.js';

/** What came of a refund, from an answer or a webhook; once, whatever is told how often. The caller holds `lockSettling`. */
@Injectable()
export class RecordRefund {
  constructor(
    private readonly apply: ApplyObservation,
    private readonly payInvoice: PayInvoice,
    @Inject(PAYMENT_PROVIDER) private readonly provider: PaymentProvider,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** False when it belongs to nothing we have. */
  async told(tx: Tx, tenant: string, refund: ProviderRefund): Promise<boolean> {
    const owned = refund.owner && (await findRefundForUpdate(tx, tenant, refund.owner.id));
    if (owned) {
      await this.run(tx, owned, refund);
      return true;
    }
    const found = await findPaymentByRef(tx, tenant, refund.paymentRef);
    const payment = found && (await findPaymentForUpdate(tx, tenant, found.id));
    if (!payment) return false;
    await this.foreign(tx, payment, refund);
    return true;
  }

  async run(tx: Tx, known: RefundRecord, { state, ref, failureCode }: ProviderRefund): Promise<void> {
    if (isOver(known)) return this.toldLate(tx, known, state);
    if (state === 'FAILED') return this.failed(tx, { ...known, providerRef: ref }, failureCode ?? 'failed');
    // A webhook tells when it is done; until then it is looked at now and then.
    const dueAt = state === 'DONE' ? null : new Date(this.clock.now().getTime() + LOOK_AGAIN_MS);
    await updateRefund(tx, { ...known, state, providerRef: ref, attempts: 0, dueAt });
    if (state === 'DONE') await this.done(tx, known);
  }

  /** It cannot be given back to the card: the wallet gets it. Once, and never of one that is made. */
  async failed(tx: Tx, known: RefundRecord, failureCode: string): Promise<void> {
    if (isOver(known)) return this.toldLate(tx, known, 'FAILED');
    const { tenant, id, accountId, currency, amount } = known;
    await updateRefund(tx, { ...known, state: 'FAILED', failureCode, dueAt: null });
    lockWallet(tx, tenant, accountId);
    const money = { accountId, currency, reference: id };
    await insertPosting(tx, tenant, postRefundFailed(money, amount, this.key()));
    await announceWallet(tx, tenant, { accountId, currency }, this.clock.now());
    await this.payInvoice.openInvoices(tx, tenant, accountId, currency);
    tx.afterCommit(() => counter('kw_card_refunds_total').inc({ outcome: 'FAILED' }));
  }

  /** What is over stays; told otherwise, it is for a person to look at. */
  private async toldLate(tx: Tx, known: RefundRecord, told: ProviderRefund['state']): Promise<void> {
    const { tenant, id: refundId, paymentId, accountId, currency, state } = known;
    if (told === 'PENDING' || told === state) return;
    const [payment] = await findPayments(tx, tenant, [paymentId]);
    const { sessionId = '', invoiceId } = payment ?? {};
    const [invoice] = invoiceId === undefined ? [] : await findInvoices(tx, tenant, [invoiceId]);
    tx.publish(events.refundContradicted, {
      ...{ tenant, aggregateId: refundId, aggregateVersion: 1, occurredAt: this.clock.now() },
      payload: {
        ...{ refundId, paymentId, accountId, sessionId, state, told },
        invoiceNumber: invoice?.number ?? '',
        amount: toWire({ amount: known.amount, currency }),
      },
    });
    tx.afterCommit(() => {
      counter('kw_card_refunds_total').inc({ outcome: 'CONTRADICTED' });
      this.log.error({ refundId, state, told }, 'the provider tells of a refund what the books do not say');
    });
  }

  private async done(
    tx: Tx,
    { tenant, id, paymentId, accountId, currency, amount }: RefundRecord,
  ): Promise<void> {
    const money = { accountId, currency, provider: this.provider.name, reference: id };
    await insertPosting(tx, tenant, postRefundMade(money, amount, this.key()));
    await this.ofPayment(tx, tenant, paymentId);
    tx.afterCommit(() => counter('kw_card_refunds_total').inc({ outcome: 'DONE' }));
  }

  /** Somebody gave money back at the provider's own desk: the books follow. */
  private async foreign(
    tx: Tx,
    payment: PaymentRecord,
    { ref, amount, state }: ProviderRefund,
  ): Promise<void> {
    const { tenant, id: paymentId, accountId, currency } = payment;
    const refunds = await findRefundsOfPayments(tx, tenant, [paymentId]);
    const known = refunds.find(({ providerRef }) => providerRef === ref);
    if (known && isOver(known)) return this.toldLate(tx, known, state);
    if (known || state !== 'DONE') return;
    await insertRefund(tx, {
      ...{ tenant, id: this.ids.newId(), paymentId, accountId, currency, amount, state: 'DONE' },
      ...{ reason: 'made at the provider', requestedBy: undefined, providerRef: ref, failureCode: undefined },
      ...{ askedAt: null, attempts: 0, dueAt: null, createdAt: this.clock.now() },
    });
    const money = { currency, provider: this.provider.name, reference: ref };
    await insertPosting(tx, tenant, postForeignRefund(money, amount, this.key()));
    await this.ofPayment(tx, tenant, paymentId);
    tx.afterCommit(() => counter('kw_card_refunds_total').inc({ outcome: 'FOREIGN' }));
  }

  private async ofPayment(tx: Tx, tenant: string, paymentId: string): Promise<void> {
    const payment = await findPaymentForUpdate(tx, tenant, paymentId);
    if (!payment) return;
    const made = (await findRefundsOfPayments(tx, tenant, [paymentId])).filter(
      ({ state }) => state === 'DONE',
    );
    const refunded = sumDecimals(made.map(({ amount }) => amount));
    const { captured, closed } = payment;
    await this.apply.run(tx, payment, { state: 'CAPTURED', captured, refunded, closed });
  }

  private key() {
    return { id: this.ids.newId(), postedAt: this.clock.now() };
  }
}

const LOOK_AGAIN_MS = 6 * 3_600_000;
