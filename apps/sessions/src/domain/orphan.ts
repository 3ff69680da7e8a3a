/**
 * A message of no known session is kept for review and answered, never dropped and never a CALLERROR
 * (docs/ocpp-notes.md rule 5). 2.0.1: a Started that comes late adopts the messages that came before it. 1.6 stops
 * without an id are resolved by EVSE and time when that leaves no doubt (Q29), never by "whatever is active now" (rule
 * 6).
 */
import { isTokenOf } from './payer.js';
import { coversTime, type Session } from './session.js';
import type { TransactionMessage } from './transaction-message.js';

export interface Orphan {
  readonly id: string;
  readonly message: TransactionMessage;
}

/** In the order they happened: device time, then sequence number. */
export function adoptionOrder(orphans: readonly Orphan[]): Orphan[] {
  return [...orphans].sort(
    (a, b) =>
      a.message.at.getTime() - b.message.at.getTime() || (a.message.seqNo ?? -1) - (b.message.seqNo ?? -1),
  );
}

export interface StationShape {
  readonly evseCount: number;
}

/** The one open session an id-less stop or update can mean, or undefined when there is doubt. */
export function resolveWithoutRef(
  message: TransactionMessage,
  openOnStation: readonly Session[],
  station: StationShape,
): Session | undefined {
  const inTime = openOnStation.filter((session) => !session.end && coversTime(session, message.at));
  return onlyMeant(message, inTime, station);
}

/** The one of these sessions that a message without id can mean, by EVSE or token. */
export function onlyMeant(
  message: TransactionMessage,
  sessions: readonly Session[],
  station: StationShape,
): Session | undefined {
  if (message.evseNumber > 0) return only(sessions.filter((s) => s.evseNumber === message.evseNumber));
  if (station.evseCount === 1) return only(sessions);
  if (!message.token) return undefined;
  return only(sessions.filter((session) => isTokenOf(session.payer, message.token!.tokenHash)));
}

/** A 2.0.1 id used again for a new transaction after the old one ended: not the same session (which never revives). */
export function isReusedRef(session: Session, started: TransactionMessage): boolean {
  if (started.kind !== 'STARTED' || !session.end || session.end.inferred) return false;
  return started.at.getTime() > session.end.at.getTime();
}

function only<T>(candidates: readonly T[]): T | undefined {
  return candidates.length === 1 ? candidates[0] : undefined;
}
