import { Injectable } from '@nestjs/common';
import { events, type auth } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { RecordSecurityEvent } from '../../usecases/record-security-event.js';

/** The words of OCPP (2.0.1 part 2 appendix 1): operators find it among what stations report themselves. */
const KIND = 'InvalidChargingStationCertificate';

@Injectable()
export class StationCertificateRefusedConsumer implements EventHandler<auth.StationCertificateRefused> {
  readonly event = events.stationCertificateRefused;

  constructor(private readonly record: RecordSecurityEvent) {}

  async handle(tx: Tx, payload: auth.StationCertificateRefused, meta: EventMeta): Promise<void> {
    const { reason, commonName, fingerprint, remoteIp } = payload;
    const techInfo = `${reason}: CN=${commonName}, SHA-256 ${fingerprint}, from ${remoteIp}`;
    const event = { kind: KIND, techInfo, occurredAt: meta.occurredAt };
    await this.record.found(tx, meta.tenant, payload.stationId, event);
  }
}
