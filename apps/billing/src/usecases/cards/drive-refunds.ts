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
import { pause } from '../../domain/payment.js';
import { refundKey, refundStep, type RefundHeard } from '../../domain/refund.js';
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

type RefundAnswer = Answer<ProviderRefund | undefined>;

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
      if (!answer) return;
      counter('kw_card_requests_total').inc({ operation: isNew ? 'REFUND' : 'READ', outcome: answer.kind });
      await this.database.transaction(tenantScope(tenant), async (tx) => {
        lockSettling(tx, tenant);
        const held = await findRefundForUpdate(tx, tenant, id);
        if (held) await this.recordAnswer(tx, held, { flight: refund.attempts, isNew, answer });
      });
    } catch (err) {
      this.log.error({ err, refundId: id }, 'what came of a refund was not recorded');
    }
  }

  /** Undefined: whoever held the lease was away for so long that another has it, who asks instead. */
  private async answerTo(refund: RefundRecord, isNew: boolean): Promise<RefundAnswer | undefined> {
    const { tenant, id, paymentId, amount, currency } = refund;
    const [payment] = await this.database.read(tenantScope(tenant), (tx) =>
      findPayments(tx, tenant, [paymentId]),
    );
    const paymentRef = payment?.providerRef;
    if (!paymentRef) return { kind: 'REFUSED', code: 'no_payment' };
    const owner = { tenant, id };
    if (!isNew) return this.provider.findRefund(owner, paymentRef);
    if (refund.dueAt && refund.dueAt <= this.clock.now()) return undefined;
    return this.provider.refund({ owner, paymentRef, amount, currency, key: refundKey(id) });
  }

  private async recordAnswer(
    tx: Tx,
    held: RefundRecord,
    heard: { readonly flight: number; readonly isNew: boolean; readonly answer: RefundAnswer },
  ): Promise<void> {
    const { flight, isNew, answer } = heard;
    const now = this.clock.now();
    const later = { ...held, dueAt: pause(held.attempts, now) };
    const found = answer.kind === 'DONE' ? answer.value : undefined;
    const refusal =
      isNew && (answer.kind === 'DECLINED' || answer.kind === 'REFUSED') ? answer.code : undefined;
    const nothing = answer.kind === 'DONE' ? 'NOT_FOUND' : 'SILENCE';
    const said: RefundHeard = found ? 'FOUND' : refusal === undefined ? nothing : 'NO';
    switch (refundStep(held, flight, said, now)) {
      case 'TAKE_OVER':
        return this.record.run(tx, held, found!);
      case 'FAIL':
        return this.record.failed(tx, held, refusal!);
      case 'GIVE_UP':
        return this.record.failed(tx, held, 'never_arrived');
      case 'ASK':
        return updateRefund(tx, { ...later, state: 'REQUESTED' });
      case 'LATER':
        return updateRefund(tx, later);
      case 'NOTHING':
    }
  }
}
