import { Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { findStationModel } from '@kilowatch/ocpp';
import { connectorCap } from '../domain/demand.js';
import { forgottenOnResume } from '../domain/session-limit.js';
import { saveSession } from '../persistence/managed-session.repository.js';
import { saidModel } from '../persistence/station.repository.js';
import { SteerSite } from './steer-site.js';

/** Takes over what sessions says of a session, and plans its site anew in the same transaction. */
@Injectable()
export class FollowSession {
  constructor(private readonly steer: SteerSite) {}

  /** `previousState`: of a change of state, what it was before. */
  async run(
    tx: Tx,
    snapshot: sessions.SessionSnapshot,
    meta: EventMeta,
    previousState?: string,
  ): Promise<void> {
    const isNews = await saveSession(tx, meta.tenant, {
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
    if (!isNews) return;
    const { sessionId, stationId, locationId, chargingState } = snapshot;
    const resumed =
      previousState !== undefined && previousState !== 'CHARGING' && chargingState === 'CHARGING';
    const forgets = resumed && (await this.forgetsLimits(tx, meta.tenant, stationId));
    const change = forgets ? { change: forgottenOnResume } : {};
    await this.steer.afterSession(tx, meta.tenant, { sessionId, locationId, ...change });
  }

  private async forgetsLimits(tx: Tx, tenant: string, stationId: string): Promise<boolean> {
    const { vendor, model } = await saidModel(tx, tenant, stationId);
    return !findStationModel(vendor, model).profiles.keepsLimitOnResume;
  }
}
