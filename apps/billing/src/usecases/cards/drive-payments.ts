import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { UnderWay, type DueWorkDefinition, type Tx } from '@kilowatch/platform';
import { nextStep, PAYMENT_MOVES, type NextStep } from '../../domain/payment.js';
import { findInvoices } from '../../persistence/invoice.repository.js';
import { isContested } from '../../persistence/invoice-debt.repository.js';
import {
  postponePayment,
  takeDuePayments,
  updatePayment,
  type PaymentRecord,
} from '../../persistence/payment.repository.js';
import { AskProvider } from './ask-provider.js';
import { ReserveMore } from './reserve-more.js';

const MOST_IN_FLIGHT = 20;
/** Longer than any request may take. */
const FLIGHT_MS = 60_000;
const PUT_OFF_MS = 60_000;

/**
 * Takes payments a step further: asks the provider for what is wanted of them, and for what is true of those without an answer. The row
 * is leased before the question leaves, which happens after the commit and outside of it.
 */
@Injectable()
export class DrivePayments implements DueWorkDefinition<PaymentRecord>, BeforeApplicationShutdown {
  readonly name = 'drive-payments';
  readonly intervalMs = 500;
  readonly limit = MOST_IN_FLIGHT;
  private readonly underWay = new UnderWay();

  constructor(
    private readonly ask: AskProvider,
    private readonly more: ReserveMore,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<PaymentRecord[]> {
    return this.underWay.atMost(MOST_IN_FLIGHT, limit, (room) => takeDuePayments(tx, now, room));
  }

  async run(tx: Tx, payment: PaymentRecord, now: Date): Promise<void> {
    const step = await this.stepOf(tx, payment, now);
    if (step.kind === 'WAIT') return updatePayment(tx, { ...payment, dueAt: step.until });
    if (step.kind === 'RENEW') return this.more.instead(tx, payment);
    if (step.kind === 'DROP') {
      const dropped = { ...payment, state: 'CANCELLED', closed: true, dueAt: null } as const;
      return updatePayment(tx, { ...dropped, version: payment.version + 1, updatedAt: now });
    }
    const leased = this.leased(payment, step, now);
    await updatePayment(tx, leased);
    tx.afterCommit(() => void this.underWay.add(this.ask.run(leased, step)));
  }

  failed(tx: Tx, payment: PaymentRecord, _error: unknown, now: Date): Promise<void> {
    return postponePayment(tx, payment, new Date(now.getTime() + PUT_OFF_MS));
  }

  /** Waits for the answers that are out: they are still recorded. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.underWay.idle();
  }

  private leased(payment: PaymentRecord, step: NextStep, now: Date): PaymentRecord {
    const attempts = payment.attempts + 1;
    const dueAt = new Date(now.getTime() + FLIGHT_MS);
    if (step.kind !== 'ASK') return { ...payment, attempts, dueAt };
    const { operation } = step;
    // Asked before, and a look showed that it has not happened: another question, under another key.
    const anew = payment.operation === operation && payment.state !== 'PENDING';
    return {
      ...payment,
      state: PAYMENT_MOVES.canMove(payment.state, 'UNKNOWN') ? 'UNKNOWN' : payment.state,
      operation,
      round: payment.operation === operation ? payment.round + (anew ? 1 : 0) : 0,
      askedAt: payment.operation === operation ? payment.askedAt : now,
      attempts,
      dueAt,
    };
  }

  /** An invoice that was paid otherwise or is disputed meanwhile is not asked for. */
  private async stepOf(tx: Tx, payment: PaymentRecord, now: Date): Promise<NextStep> {
    const { tenant, state, purpose, invoiceId } = payment;
    if (state === 'PENDING' && purpose === 'INVOICE' && invoiceId !== undefined) {
      const [invoice] = await findInvoices(tx, tenant, [invoiceId]);
      if (invoice?.status !== 'OPEN' || (await isContested(tx, tenant, invoiceId))) return { kind: 'DROP' };
    }
    return nextStep(payment, now);
  }
}
