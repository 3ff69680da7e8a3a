import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import type { Clock, IdSource } from '@kilowatch/kernel';
import { CLOCK, Database, IDS, LOGGER, tenantScope, type Logger } from '@kilowatch/platform';
import { LRUCache } from 'lru-cache';
import type { StationVerdict } from '../domain/station-credential.js';
import type { StationCredential } from '../persistence/station-credential.repository.js';
import type { ShownCertificate } from './station-certificate-check.js';

/** One that knocks every few seconds is told of once in this time. */
const QUIET_MS = 10 * 60_000;

/** A00.FR.410 ff.: a certificate that is refused at the door is in the security log of the station whose name was used. */
@Injectable()
export class ReportRefusedCertificate {
  private readonly told = new LRUCache<string, true>({ max: 20_000, ttl: QUIET_MS });

  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Never throws: the refusal stands whether it can be written down or not. */
  async run(
    { tenant, stationId, identity }: StationCredential,
    verdict: StationVerdict,
    { remoteIp, certificate }: { remoteIp: string; certificate?: ShownCertificate | undefined },
  ): Promise<void> {
    if (!certificate || !verdict.startsWith('CERTIFICATE_')) return;
    const fingerprint = createHash('sha256').update(certificate.der).digest('hex');
    const key = `${tenant}|${stationId}|${verdict}|${fingerprint}`;
    if (this.told.has(key)) return;
    this.told.set(key, true);
    try {
      await this.database.transaction(tenantScope(tenant), async (tx) => {
        tx.publish(events.stationCertificateRefused, {
          aggregateId: this.ids.newId(),
          aggregateVersion: 1,
          occurredAt: this.clock.now(),
          payload: {
            stationId,
            stationIdentity: identity,
            reason: verdict,
            commonName: certificate.commonName.slice(0, 200),
            fingerprint,
            remoteIp,
          },
        });
      });
    } catch (err) {
      this.told.delete(key);
      this.log.warn({ err, stationId, verdict }, 'refused certificate not put on record');
    }
  }
}
