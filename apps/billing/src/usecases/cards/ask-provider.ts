import { Inject, Injectable } from '@nestjs/common';
import { ZERO, type Clock } from '@kilowatch/kernel';
import { CLOCK, counter, Database, LOGGER, tenantScope, type Logger, type Tx } from '@kilowatch/platform';
import { dueAfter, neverArrived, type NextStep } from '../../domain/payment.js';
import { lockSettling } from '../../persistence/billed-session.repository.js';
import { findCard, findPayer } from '../../persistence/card.repository.js';
import {
  findPaymentForUpdate,
  updatePayment,
  type PaymentRecord,
} from '../../persistence/payment.repository.js';
import { ApplyObservation } from './apply-observation.js';
import {
  BROKEN,
  PAYMENT_PROVIDER,
  type Answer,
  type PaymentProvider,
  type ProviderPayment,
} from './payment-provider.js';

/**
 * One question to the provider, outside of any transaction, and what came of it in one of its own. While the answer is out the payment
 * is UNKNOWN, so that a process that dies in between leaves a question to be asked again, never a guess.
 */
@Injectable()
export class AskProvider {
  constructor(
    private readonly database: Database,
    private readonly apply: ApplyObservation,
    @Inject(PAYMENT_PROVIDER) private readonly provider: PaymentProvider,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Never rejects: what is not recorded is asked again when the lease lapses. */
  async run(
    payment: PaymentRecord,
    step: Exclude<NextStep, { kind: 'WAIT' | 'DROP' | 'RENEW' }>,
  ): Promise<void> {
    const { tenant, id } = payment;
    try {
      const answer = step.kind === 'ASK' ? await this.ask(payment, step) : await this.read(payment);
      const operation = step.kind === 'ASK' ? step.operation : 'READ';
      counter('kw_card_requests_total').inc({ operation, outcome: answer.kind });
      await this.database.transaction(tenantScope(tenant), async (tx) => {
        lockSettling(tx, tenant);
        const held = await findPaymentForUpdate(tx, tenant, id);
        if (held) await this.record(tx, held, step, answer);
      });
    } catch (err) {
      this.log.error({ err, paymentId: id }, 'what came of a payment was not recorded');
    }
  }

  private async ask(
    payment: PaymentRecord,
    { operation, amount }: Extract<NextStep, { kind: 'ASK' }>,
  ): Promise<Answer<ProviderPayment>> {
    const { tenant, id, providerRef: ref, currency, round } = payment;
    const key = `${id}:${operation}:${round}`;
    if (operation === 'CAPTURE') return this.provider.capture(ref!, amount, currency, key);
    if (operation === 'CANCEL') return this.provider.cancel(ref!, key);
    const { card, customerRef } = await this.means(payment);
    if (!card || customerRef === undefined) return { kind: 'REFUSED', code: 'card_removed' };
    return this.provider.request({
      owner: { tenant, id },
      customerRef,
      cardRef: card.providerRef,
      amount,
      currency,
      operation,
      attended: payment.attended,
      description: payment.purpose === 'TOP_UP' ? 'Wallet' : 'Charging',
      key,
    });
  }

  private async read(payment: PaymentRecord): Promise<Answer<ProviderPayment | undefined>> {
    const { tenant, id, providerRef } = payment;
    if (providerRef !== null) return this.provider.read(providerRef);
    const { customerRef } = await this.means(payment);
    if (customerRef === undefined) return { kind: 'DONE', value: undefined };
    return this.provider.find({ tenant, id }, customerRef, payment.createdAt);
  }

  private means({ tenant, accountId, cardId }: PaymentRecord) {
    return this.database.read(tenantScope(tenant), async (tx) => {
      const [card, payer] = await Promise.all([
        findCard(tx, tenant, cardId),
        findPayer(tx, tenant, accountId),
      ]);
      return { card, customerRef: payer?.customerRef };
    });
  }

  private async record(
    tx: Tx,
    held: PaymentRecord,
    step: NextStep,
    answer: Answer<ProviderPayment | undefined>,
  ): Promise<void> {
    if (answer.kind === 'UNKNOWN') return this.later(tx, held, answer.code);
    if (answer.kind === 'DONE') {
      return answer.value ? this.apply.run(tx, held, answer.value) : this.notThere(tx, held);
    }
    if (answer.kind === 'DECLINED') {
      const declined = answer.value ?? { state: 'DECLINED', captured: ZERO, refunded: ZERO, closed: true };
      return this.apply.run(tx, held, { ...declined, failureCode: answer.code });
    }
    const isRequest = step.kind === 'ASK' && (step.operation === 'AUTHORISE' || step.operation === 'CHARGE');
    if (isRequest) return this.over(tx, held, answer.code);
    // It is in another state than we thought: what is true is read next.
    return this.later(tx, held, answer.code);
  }

  private async notThere(tx: Tx, held: PaymentRecord): Promise<void> {
    const now = this.clock.now();
    if (held.state !== 'UNKNOWN') return this.later(tx, held, null);
    if (neverArrived(held, now) === 'OVER') return this.over(tx, held, 'never_arrived');
    // The provider keeps its own failure under the key: nothing but another key gets past it.
    const round = held.failureCode === BROKEN ? held.round + 1 : held.round;
    const again: PaymentRecord = { ...held, state: 'PENDING', round };
    await updatePayment(tx, { ...again, dueAt: dueAfter(again, held.attempts, now) });
  }

  private over(tx: Tx, held: PaymentRecord, failureCode: string): Promise<void> {
    return this.apply.run(tx, held, {
      state: 'DECLINED',
      captured: ZERO,
      refunded: ZERO,
      closed: true,
      failureCode,
    });
  }

  private async later(tx: Tx, held: PaymentRecord, code: string | null): Promise<void> {
    const dueAt = dueAfter(held, Math.max(held.attempts, 1), this.clock.now());
    await updatePayment(tx, { ...held, failureCode: code ?? held.failureCode, dueAt });
  }
}
