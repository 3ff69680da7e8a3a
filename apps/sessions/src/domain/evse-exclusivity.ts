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

/** Sessions of the same EVSE that the station has not ended itself, closed by `started`. */
export function supersededBy(started: Session, others: readonly Session[]): Superseded[] {
  if (started.evseNumber === 0) return [];
  return others
    .filter((other) => other.sessionId !== started.sessionId && other.evseNumber === started.evseNumber)
    .filter((other) => startsBefore(other, started))
    .map((before) => ({ before, after: endInferred(before, started.startedAt, SUPERSEDED) }))
    .filter(({ before, after }) => before !== after);
}

/** The session itself, closed when another one on its EVSE started after it. `next` is the nearest one. */
export function supersededByNext(session: Session, next: StartPoint | undefined): Session {
  if (session.evseNumber === 0 || !next || !startsBefore(session, next)) return session;
  return endInferred(session, next.startedAt, SUPERSEDED);
}
