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
import { ALARM_AFTER_RENEWALS, nextRenewal, TRIGGERS } from '../domain/station-certificate.js';
import {
  liveCertificates,
  planRenewal,
  takeRenewals,
  type StationCertificate,
} from '../persistence/station-certificate.repository.js';
import { refusalInside } from './station-word.js';
import { StationCommands } from './station-commands.js';

const MOST_IN_FLIGHT = 16;
const LEASE_MS = 60_000;
const TIMEOUT_SECONDS = 30;
/** One that has ended is asked about for so long; then only a person helps. */
const AFTER_END_MS = 30 * 86_400_000;

/**
 * A02, C9: a station is asked to have its certificate renewed before it ends. It is asked again until it comes with another one
 * (which clears `renew_at`), since it may forget, be away, or have its request refused.
 */
@Injectable()
export class RenewCertificates implements DueWorkDefinition<StationCertificate>, BeforeApplicationShutdown {
  readonly name = 'renew-certificates';
  readonly intervalMs = 1_000;
  readonly limit = MOST_IN_FLIGHT;
  private readonly underWay = new UnderWay();

  constructor(
    private readonly database: Database,
    private readonly commands: StationCommands,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<StationCertificate[]> {
    return this.underWay.atMost(MOST_IN_FLIGHT, limit, (room) => takeRenewals(tx, now, room));
  }

  async run(tx: Tx, certificate: StationCertificate, now: Date): Promise<void> {
    const attempts = certificate.renewAttempts + 1;
    await planRenewal(tx, certificate, new Date(now.getTime() + LEASE_MS), attempts);
    tx.afterCommit(() => void this.underWay.add(this.ask(certificate, attempts)));
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.underWay.idle();
  }

  private async ask(certificate: StationCertificate, attempts: number): Promise<void> {
    const { tenant, id, stationId, type } = certificate;
    try {
      const answer = await this.commands.send({
        tenant,
        stationId,
        key: `renew:${id}:${attempts}`,
        command: { triggerMessage: { requestedMessage: TRIGGERS[type], evseNumber: 0, connectorNumber: 0 } },
        timeoutSeconds: TIMEOUT_SECONDS,
      });
      const now = this.clock.now();
      const isOver = now.getTime() > certificate.notAfter.getTime() + AFTER_END_MS;
      const next = isOver ? null : nextRenewal(attempts, now);
      // A station that says yes and sends no request is no better than one that says no.
      if (isOver || (attempts >= ALARM_AFTER_RENEWALS && !(await this.isAnswered(certificate))))
        this.alarm(certificate, attempts, refusalInside(answer) ?? answer.outcome);
      await this.database.transaction(tenantScope(tenant), (tx) =>
        planRenewal(tx, certificate, next, attempts),
      );
    } catch (err) {
      // The lease lapses, and it is asked again.
      this.log.error({ err, stationId }, 'renewal of a certificate not asked for');
    }
  }

  /** It has asked for another one and was given it: only has not come with it yet. */
  private async isAnswered({ tenant, id, stationId, type, notBefore }: StationCertificate): Promise<boolean> {
    const live = await this.database.read(tenantScope(tenant), (tx) =>
      liveCertificates(tx, tenant, stationId),
    );
    return live.some((one) => one.id !== id && one.type === type && one.notBefore > notBefore);
  }

  private alarm({ stationId, type, notAfter }: StationCertificate, attempts: number, outcome: string): void {
    counter('kw_station_certificate_problems_total').inc({ problem: 'renewal_failed' });
    this.log.warn(
      { stationId, type, notAfter, attempts, outcome },
      'certificate of a station cannot be renewed',
    );
  }
}
