import { Inject, Injectable } from '@nestjs/common';
import { sumDecimals, ZERO, type Clock, type Decimal, type IdSource } from '@kilowatch/kernel';
import { CLOCK, IDS, type Tx } from '@kilowatch/platform';
import { postRefundDue, type RefundSource } from '../../domain/card-ledger.js';
import { findChargebacksOfPayments } from '../../persistence/chargeback.repository.js';
import { insertPosting } from '../../persistence/ledger.repository.js';
import { findRefundsOfPayments, insertRefund } from '../../persistence/payment-refund.repository.js';
import {
  paymentsOfInvoiceForUpdate,
  paymentsOfSessionForUpdate,
  type PaymentRecord,
} from '../../persistence/payment.repository.js';

export interface Owed {
  readonly tenant: string;
  readonly amount: Decimal;
  /** The business key of the booking. */
  readonly reference: string;
  /** For people. */
  readonly reason: string;
  readonly requestedBy?: string | undefined;
}

/** Money goes back to the card it came from: noted and booked here, asked of the provider by `DriveRefunds`. */
@Injectable()
export class RefundToCard {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** Over the payments of a session, the latest first; answers with what they could not take back. */
  async ofSession(tx: Tx, sessionId: string, owed: Owed, source: RefundSource): Promise<Decimal> {
    return this.over(tx, await paymentsOfSessionForUpdate(tx, owed.tenant, sessionId), owed, source);
  }

  /** The same over those of a collective invoice. */
  async ofInvoice(tx: Tx, invoiceId: string, owed: Owed, source: RefundSource): Promise<Decimal> {
    return this.over(tx, await paymentsOfInvoiceForUpdate(tx, owed.tenant, invoiceId), owed, source);
  }

  private async over(
    tx: Tx,
    payments: readonly PaymentRecord[],
    owed: Owed,
    source: RefundSource,
  ): Promise<Decimal> {
    const rooms = await refundable(tx, owed.tenant, payments);
    let left = owed.amount;
    let first: PaymentRecord | undefined;
    for (const payment of payments.toReversed()) {
      const room = rooms.get(payment.id) ?? ZERO;
      const part = room.lt(left) ? room : left;
      if (!part.gt('0')) continue;
      first ??= payment;
      left = left.minus(part);
      await this.note(tx, payment, part, owed);
    }
    if (first) await this.book(tx, first, owed, owed.amount.minus(left), source);
    return left;
  }

  /** The caller holds the payment and has checked that there is so much to give back. */
  async ofPayment(tx: Tx, payment: PaymentRecord, owed: Owed, source: RefundSource): Promise<void> {
    await this.note(tx, payment, owed.amount, owed);
    await this.book(tx, payment, owed, owed.amount, source);
  }

  /** Without a booking: the caller's own has it. */
  async note(
    tx: Tx,
    payment: PaymentRecord,
    amount: Decimal,
    { reason, requestedBy }: Pick<Owed, 'reason' | 'requestedBy'>,
  ) {
    const now = this.clock.now();
    await insertRefund(tx, {
      tenant: payment.tenant,
      id: this.ids.newId(),
      paymentId: payment.id,
      accountId: payment.accountId,
      currency: payment.currency,
      amount,
      state: 'REQUESTED',
      reason,
      requestedBy,
      providerRef: undefined,
      failureCode: undefined,
      askedAt: null,
      attempts: 0,
      dueAt: now,
      createdAt: now,
    });
    // Wakes the job that asks.
    tx.afterCommit(() => undefined);
  }

  private book(
    tx: Tx,
    { tenant, accountId, currency }: PaymentRecord,
    { reference }: Owed,
    amount: Decimal,
    source: RefundSource,
  ): Promise<void> {
    const key = { id: this.ids.newId(), postedAt: this.clock.now() };
    return insertPosting(tx, tenant, postRefundDue({ accountId, currency, reference }, amount, source, key));
  }
}

/** What each may still give back: taken, less refunds that are made or on their way, and less what a bank took back. */
export async function refundable(
  tx: Tx,
  tenant: string,
  payments: readonly PaymentRecord[],
): Promise<Map<string, Decimal>> {
  const taken = payments.filter(({ captured }) => captured.gt('0'));
  if (taken.length === 0) return new Map();
  const ids = taken.map(({ id }) => id);
  const [refunds, chargebacks] = await Promise.all([
    findRefundsOfPayments(tx, tenant, ids),
    findChargebacksOfPayments(tx, tenant, ids),
  ]);
  return new Map(
    taken.map((payment) => {
      const given = refunds.filter((one) => one.paymentId === payment.id && one.state !== 'FAILED');
      const lost = chargebacks.filter(({ paymentId }) => paymentId === payment.id);
      const gone = [...given.map(({ amount }) => amount), ...lost.map(({ withdrawn }) => withdrawn)];
      return [payment.id, payment.captured.minus(sumDecimals(gone))];
    }),
  );
}
