import { Injectable } from '@nestjs/common';
import { events, type sessions } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { FollowArrivals } from '../../usecases/follow-arrivals.js';

const DISCARDED = 'DiscardedRenewedClientCertificate';

@Injectable()
export class SecurityEventRecordedConsumer implements EventHandler<sessions.SecurityEventRecorded> {
  readonly event = events.securityEventRecorded;

  constructor(private readonly follow: FollowArrivals) {}

  async handle(tx: Tx, payload: sessions.SecurityEventRecorded, { tenant }: EventMeta): Promise<void> {
    if (payload.kind === DISCARDED) await this.follow.discarded(tx, tenant, payload.stationId);
  }
}
