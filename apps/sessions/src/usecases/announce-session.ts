import { events } from '@kilowatch/contracts';
import type { Tx } from '@kilowatch/platform';
import { chargingStateOf, isVisibleChange, type Session, type SessionEnd } from '../domain/session.js';
import type { StationContext } from '../persistence/station-context.js';
import { snapshotOf } from './session-snapshot.js';

/** The session with the version it gets by this change; unchanged when nobody outside would see a difference. */
export function withNextVersion(before: Session | undefined, after: Session): Session {
  if (before && !isVisibleChange(before, after)) return after;
  // A session that ends in the message that begins it has two events, so two versions.
  const step = !before && after.end ? 2 : 1;
  return { ...after, version: (before?.version ?? 0) + step };
}

/** Publishes what happened between `before` and `after` (which has its new version). */
export function announceSession(
  tx: Tx,
  before: Session | undefined,
  after: Session,
  station: StationContext,
): void {
  if (before && after.version === before.version) return;
  const session = snapshotOf(after, station);
  const aggregateId = after.sessionId;
  if (!before) {
    const aggregateVersion = after.end ? after.version - 1 : after.version;
    tx.publish(events.sessionStarted, {
      aggregateId,
      aggregateVersion,
      occurredAt: after.startedAt,
      payload: { session },
    });
  }
  if (after.end && !sameEnd(before?.end, after.end)) {
    tx.publish(events.sessionEnded, {
      aggregateId,
      aggregateVersion: after.version,
      occurredAt: after.end.at,
      payload: { session },
    });
  } else if (before) {
    tx.publish(events.sessionChargingStateChanged, {
      aggregateId,
      aggregateVersion: after.version,
      occurredAt: session.statePeriods.at(-1)?.from ?? after.startedAt,
      payload: { session, previousState: chargingStateOf(before) },
    });
  }
  tx.live('session', aggregateId, after.version);
  if (!before || (after.end && !before.end)) tx.live('station', station.stationId);
}

function sameEnd(a: SessionEnd | undefined, b: SessionEnd): boolean {
  return a?.at.getTime() === b.at.getTime() && a.reason === b.reason;
}
