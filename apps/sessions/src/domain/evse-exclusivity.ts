/**
 * One EVSE has one transaction at a time. When a newer one starts, the older is over even if its end never came
 * (ghost transactions: steve#94, #292): it is closed at the newer one's start. Concluded from device times, so a late
 * start closes itself and not the session that is running now.
 */
import { endInferred, type Session } from './session.js';

export const SUPERSEDED = 'SupersededByNewTransaction';

export interface StartPoint {
  readonly startedAt: Date;
  readonly startKey: string;
}

function startsBefore(a: StartPoint, b: StartPoint): boolean {
  const order = a.startedAt.getTime() - b.startedAt.getTime();
  return order < 0 || (order === 0 && a.startKey < b.startKey);
}

export interface Superseded {
  readonly before: Session;
  readonly after: Session;
}

/** Sessions of the same EVSE, or the same transaction id, that the station has not ended itself, closed by `started`. */
export function supersededBy(
  started: Session,
  others: readonly Session[],
  sameRef: readonly Session[] = [],
): Superseded[] {
  const ids = new Set(sameRef.map(({ sessionId }) => sessionId));
  const onEvse = others.filter(
    ({ sessionId, evseNumber }) =>
      started.evseNumber !== 0 && evseNumber === started.evseNumber && !ids.has(sessionId),
  );
  return [...sameRef, ...onEvse]
    .filter((other) => other.sessionId !== started.sessionId && startsBefore(other, started))
    .map((before) => ({ before, after: endInferred(before, started.startedAt, SUPERSEDED) }))
    .filter(({ before, after }) => before !== after);
}

/** The session itself, closed when another one on its EVSE, or under its transaction id, started after it: the nearest of each. */
export function supersededByNext(
  session: Session,
  nextOnEvse: StartPoint | undefined,
  nextOfRef?: StartPoint,
): Session {
  const next = [session.evseNumber === 0 ? undefined : nextOnEvse, nextOfRef].filter(
    (point): point is StartPoint => point !== undefined && startsBefore(session, point),
  );
  return next.reduce<Session>((closed, { startedAt }) => endInferred(closed, startedAt, SUPERSEDED), session);
}
