import { Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { connectorCap } from '../domain/demand.js';
import { saveSession } from '../persistence/managed-session.repository.js';
import { SteerSite } from './steer-site.js';

/** Takes over what sessions says of a session, and plans its site anew in the same transaction. */
@Injectable()
export class FollowSession {
  constructor(private readonly steer: SteerSite) {}

  async run(tx: Tx, snapshot: sessions.SessionSnapshot, meta: EventMeta): Promise<void> {
    const isNews = await saveSession(tx, {
      tenant: meta.tenant,
      sessionId: snapshot.sessionId,
      locationId: snapshot.locationId,
      stationId: snapshot.stationId,
      evseNumber: snapshot.evseNumber,
      connectorNumber: snapshot.connectorNumber,
      transactionRef: snapshot.transactionRef,
      accountId: snapshot.accountId,
      active: snapshot.status !== 'ENDED',
      chargingState: snapshot.chargingState,
      startedAt: snapshot.startedAt ?? meta.occurredAt,
      capDa: connectorCap(snapshot),
      phases: snapshot.phases,
      clockOffsetMs: snapshot.clockOffsetSeconds * 1000,
      version: meta.aggregateVersion,
    });
    if (isNews) await this.steer.run(tx, meta.tenant, snapshot.locationId);
  }
}
