import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import {
  CLOCK,
  counter,
  Database,
  LOGGER,
  tenantScope,
  UnderWay,
  type DueWorkDefinition,
  type Logger,
  type Tx,
} from '@kilowatch/platform';
import { pause, SAFE_KEY_MS } from '../../domain/payment.js';
import { lockSettling } from '../../persistence/billed-session.repository.js';
import {
  findRefundForUpdate,
  takeDueRefunds,
  updateRefund,
  type RefundRecord,
} from '../../persistence/payment-refund.repository.js';
import { findPayments } from '../../persistence/payment.repository.js';
import {
  PAYMENT_PROVIDER,
  type Answer,
  type PaymentProvider,
  type ProviderRefund,
} from './payment-provider.js';
import { RecordRefund } from './record-refund.js';

const MOST_IN_FLIGHT = 10;
const FLIGHT_MS = 60_000;

/** Asks the provider to give money back, and about what was asked without an answer. The row is the lease, as in `DrivePayments`. */
@Injectable()
export class DriveRefunds implements DueWorkDefinition<RefundRecord>, BeforeApplicationShutdown {
  readonly name = 'drive-refunds';
  readonly intervalMs = 500;
  readonly limit = MOST_IN_FLIGHT;
  private readonly underWay = new UnderWay();

  constructor(
    private readonly database: Database,
    private readonly record: RecordRefund,
    @Inject(PAYMENT_PROVIDER) private readonly provider: PaymentProvider,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<RefundRecord[]> {
    return this.underWay.atMost(MOST_IN_FLIGHT, limit, (room) => takeDueRefunds(tx, now, room));
  }

  async run(tx: Tx, refund: RefundRecord, now: Date): Promise<void> {
    const isNew = refund.state === 'REQUESTED';
    const leased: RefundRecord = {
      ...refund,
      state: isNew ? 'UNKNOWN' : refund.state,
      askedAt: refund.askedAt ?? now,
      attempts: refund.attempts + 1,
      dueAt: new Date(now.getTime() + FLIGHT_MS),
    };
    await updateRefund(tx, leased);
    tx.afterCommit(() => void this.underWay.add(this.ask(leased, isNew)));
  }

  async failed(tx: Tx, refund: RefundRecord, _error: unknown, now: Date): Promise<void> {
    await updateRefund(tx, { ...refund, dueAt: new Date(now.getTime() + FLIGHT_MS) });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.underWay.idle();
  }

  private async ask(refund: RefundRecord, isNew: boolean): Promise<void> {
    const { tenant, id } = refund;
    try {
      const answer = await this.answerTo(refund, isNew);
      counter('kw_card_requests_total').inc({ operation: isNew ? 'REFUND' : 'READ', outcome: answer.kind });
      await this.database.transaction(tenantScope(tenant), async (tx) => {
        lockSettling(tx, tenant);
        const held = await findRefundForUpdate(tx, tenant, id);
        if (held) await this.recordAnswer(tx, held, isNew, answer);
      });
    } catch (err) {
      this.log.error({ err, refundId: id }, 'what came of a refund was not recorded');
    }
  }

  private async answerTo(refund: RefundRecord, isNew: boolean): Promise<Answer<ProviderRefund | undefined>> {
    const { tenant, id, paymentId, amount, currency } = refund;
    const [payment] = await this.database.read(tenantScope(tenant), (tx) =>
      findPayments(tx, tenant, [paymentId]),
    );
    const paymentRef = payment?.providerRef;
    if (!paymentRef) return { kind: 'REFUSED', code: 'no_payment' };
    const owner = { tenant, id };
    // After a look that found nothing the key of before may hold a failure: there is nothing it could protect from.
    const key = `${id}:REFUND:${Math.floor(refund.attempts / 2)}`;
    return isNew
      ? this.provider.refund({ owner, paymentRef, amount, currency, key })
      : this.provider.findRefund(owner, paymentRef);
  }

  private async recordAnswer(
    tx: Tx,
    held: RefundRecord,
    isNew: boolean,
    answer: Answer<ProviderRefund | undefined>,
  ): Promise<void> {
    const now = this.clock.now();
    if (answer.kind === 'DONE' && answer.value) return this.record.run(tx, held, answer.value);
    if (answer.kind === 'DECLINED' || (answer.kind === 'REFUSED' && isNew)) {
      return this.record.failed(tx, held, answer.code);
    }
    if (held.state === 'DONE' || held.state === 'FAILED') return;
    if (answer.kind === 'DONE' && held.state === 'UNKNOWN') {
      if (now.getTime() - (held.askedAt ?? now).getTime() > SAFE_KEY_MS) {
        return this.record.failed(tx, held, 'never_arrived');
      }
      return updateRefund(tx, { ...held, state: 'REQUESTED', dueAt: pause(held.attempts, now) });
    }
    await updateRefund(tx, { ...held, dueAt: pause(held.attempts, now) });
  }
}
