import { Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { chargingStateAlert, endedAlert, startedAlert } from '../domain/alert-for-event.js';
import { findSession, saveSession } from '../persistence/known-session.repository.js';
import { RaiseAlert } from './raise-alert.js';

/** Keeps the projection of sessions and alerts their drivers. */
@Injectable()
export class FollowSession {
  constructor(private readonly raise: RaiseAlert) {}

  async started(tx: Tx, session: sessions.SessionSnapshot, meta: EventMeta): Promise<void> {
    const isNews = await keep(tx, session, meta);
    const held = isNews ? undefined : await findSession(tx, meta.tenant, session.sessionId);
    // News of a start that comes after the end (the charger was offline, or the events crossed) is no news.
    if (held ? held.ended : hasEnded(session)) return;
    await this.raise.run(tx, meta.tenant, startedAlert(session, session.startedAt ?? meta.occurredAt));
  }

  async chargingStateChanged(
    tx: Tx,
    payload: sessions.SessionChargingStateChanged,
    meta: EventMeta,
  ): Promise<void> {
    const { session } = payload;
    if (!session) return;
    await keep(tx, session, meta);
    const change = { state: session.chargingState, periods: session.statePeriods };
    await this.raise.run(tx, meta.tenant, chargingStateAlert(session, change, meta.occurredAt));
  }

  async ended(tx: Tx, session: sessions.SessionSnapshot, meta: EventMeta): Promise<void> {
    await keep(tx, session, meta);
    const at = session.endedAt ?? meta.occurredAt;
    await this.raise.run(tx, meta.tenant, endedAlert(session, session.stopReason, at));
  }
}

/** True when sessions told something new. */
async function keep(tx: Tx, session: sessions.SessionSnapshot, meta: EventMeta): Promise<boolean> {
  const isNews = await saveSession(tx, meta.tenant, {
    tenant: meta.tenant,
    sessionId: session.sessionId,
    accountId: session.accountId,
    stationId: session.stationId,
    stationIdentity: session.stationIdentity,
    locationName: session.locationName,
    timeZone: session.timeZone,
    ended: hasEnded(session),
    version: meta.aggregateVersion,
  });
  return isNews === true;
}

function hasEnded(session: sessions.SessionSnapshot): boolean {
  return session.status === 'ENDED';
}
