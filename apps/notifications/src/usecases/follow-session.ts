import { Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { chargingStateAlert, endedAlert, startedAlert } from '../domain/alert-for-event.js';
import { findSession, saveSession, type KnownSession } from '../persistence/known-session.repository.js';
import { RaiseAlert } from './raise-alert.js';

/** Keeps the projection of sessions and alerts their drivers: of what is known last, however old the news are that are told. */
@Injectable()
export class FollowSession {
  constructor(private readonly raise: RaiseAlert) {}

  /** News of a start that comes after the end (the charger was offline, or the events crossed) is no news. */
  async started(tx: Tx, session: sessions.SessionSnapshot, meta: EventMeta): Promise<void> {
    const { known } = await keep(tx, session, meta);
    if (known.ended) return;
    await this.raise.run(tx, meta.tenant, startedAlert(known, session.startedAt ?? meta.occurredAt));
  }

  async chargingStateChanged(
    tx: Tx,
    payload: sessions.SessionChargingStateChanged,
    meta: EventMeta,
  ): Promise<void> {
    const { session } = payload;
    if (!session) return;
    const { known, driverIsNew } = await keep(tx, session, meta);
    if (known.ended) return;
    // The car was plugged in before the card was shown: its start was nobody's.
    if (driverIsNew)
      await this.raise.run(tx, meta.tenant, startedAlert(known, session.startedAt ?? meta.occurredAt));
    const change = { state: session.chargingState, periods: session.statePeriods };
    await this.raise.run(tx, meta.tenant, chargingStateAlert(known, change, meta.occurredAt));
  }

  async ended(tx: Tx, session: sessions.SessionSnapshot, meta: EventMeta): Promise<void> {
    const { known } = await keep(tx, session, meta);
    const end = { stopReason: session.stopReason, periods: session.statePeriods };
    await this.raise.run(tx, meta.tenant, endedAlert(known, end, session.endedAt ?? meta.occurredAt));
  }
}

/** The session as it is known now, which may be newer than what is told. */
async function keep(
  tx: Tx,
  session: sessions.SessionSnapshot,
  meta: EventMeta,
): Promise<{ readonly known: KnownSession; readonly driverIsNew: boolean }> {
  const told: KnownSession = {
    tenant: meta.tenant,
    sessionId: session.sessionId,
    accountId: session.accountId,
    stationId: session.stationId,
    stationIdentity: session.stationIdentity,
    locationName: session.locationName,
    timeZone: session.timeZone,
    ended: session.status === 'ENDED',
    version: meta.aggregateVersion,
  };
  const news = await saveSession(tx, meta.tenant, told);
  if (news) return { known: told, driverIsNew: news.driverIsNew };
  const held = await findSession(tx, meta.tenant, session.sessionId);
  return { known: held ?? told, driverIsNew: false };
}
