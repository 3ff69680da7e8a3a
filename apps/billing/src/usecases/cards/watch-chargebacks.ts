import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import {
  CLOCK,
  Database,
  LOGGER,
  tenantScope,
  UnderWay,
  type DueWorkDefinition,
  type Logger,
  type Tx,
} from '@kilowatch/platform';
import { lockSettling } from '../../persistence/billed-session.repository.js';
import {
  lookAtChargeback,
  takeDueChargebacks,
  updateChargeback,
  type ChargebackRecord,
} from '../../persistence/chargeback.repository.js';
import { findPaymentForUpdate } from '../../persistence/payment.repository.js';
import { PAYMENT_PROVIDER, type PaymentProvider } from './payment-provider.js';
import { RecordChargeback } from './record-chargeback.js';

const MOST_IN_FLIGHT = 10;
/** An answer that is lost is asked for again after it. */
const AGAIN_MS = 10 * 60_000;

/** Looks at chargebacks that are not over: reminds of evidence in time, and reads what no webhook told. */
@Injectable()
export class WatchChargebacks implements DueWorkDefinition<ChargebackRecord>, BeforeApplicationShutdown {
  readonly name = 'watch-chargebacks';
  readonly intervalMs = 5_000;
  readonly limit = MOST_IN_FLIGHT;
  private readonly underWay = new UnderWay();

  constructor(
    private readonly database: Database,
    private readonly record: RecordChargeback,
    @Inject(PAYMENT_PROVIDER) private readonly provider: PaymentProvider,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<ChargebackRecord[]> {
    return this.underWay.atMost(MOST_IN_FLIGHT, limit, (room) => takeDueChargebacks(tx, now, room));
  }

  /** The reminder waits for nobody; what is true is asked after the commit. */
  async run(tx: Tx, due: ChargebackRecord, now: Date): Promise<void> {
    const reminded = await this.record.remind(tx, due, now);
    await updateChargeback(tx, { ...reminded, lookAt: new Date(now.getTime() + AGAIN_MS) });
    tx.afterCommit(() => void this.underWay.add(this.look(due)));
  }

  failed(tx: Tx, due: ChargebackRecord, _error: unknown, now: Date): Promise<void> {
    return lookAtChargeback(tx, due, new Date(now.getTime() + AGAIN_MS));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.underWay.idle();
  }

  /** Never rejects: what is not recorded is asked again. */
  private async look({ tenant, ref, paymentId, id }: ChargebackRecord): Promise<void> {
    try {
      const readAt = this.clock.now();
      const answer = await this.provider.readChargeback(ref);
      if (answer.kind !== 'DONE') return;
      await this.database.transaction(tenantScope(tenant), async (tx) => {
        lockSettling(tx, tenant);
        const payment = await findPaymentForUpdate(tx, tenant, paymentId);
        if (payment) await this.record.run(tx, payment, answer.value, readAt);
      });
    } catch (err) {
      this.log.error({ err, chargebackId: id }, 'what is true of a chargeback was not recorded');
    }
  }
}
