/**
 * A message of no known session is kept for review and answered, never dropped and never a CALLERROR
 * (docs/ocpp-notes.md rule 5). 2.0.1: a Started that comes late adopts the messages that came before it. 1.6 stops
 * without an id are resolved by EVSE and time when that leaves no doubt (Q29), never by "whatever is active now" (rule
 * 6); a 1.6 start that comes after its stop (Q31: the charger had no id to name) adopts it by the same rule.
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

/** What bounds the stop of a 1.6 start that comes late. */
export interface LateStart extends StationShape {
  /** The nearest later start on its EVSE. */
  readonly next: { readonly startedAt: Date } | undefined;
}

/**
 * The stop without id that came before its 1.6 start, or undefined. It is not before the start nor below its register, and not after
 * the next start on the EVSE. On a station with one EVSE the first such stop ends the start; among several EVSEs only the
 * token tells whose it is, and two of one token are a doubt.
 */
export function stopBeforeStart(
  start: TransactionMessage,
  waiting: readonly Orphan[],
  { evseCount, next }: LateStart,
): Orphan | undefined {
  const possible = adoptionOrder(waiting).filter(
    ({ message }) =>
      message.kind === 'ENDED' &&
      message.at.getTime() >= start.at.getTime() &&
      (!next || message.at.getTime() <= next.startedAt.getTime()) &&
      (message.registerMwh ?? Infinity) + ROUNDING_MWH >= (start.registerMwh ?? 0),
  );
  if (evseCount === 1) return possible[0];
  const ofToken = possible.filter(
    ({ message }) => message.token !== undefined && message.token.tokenHash === start.token?.tokenHash,
  );
  return only(ofToken);
}

/** Q37: a register at the end that is lower by rounding. */
const ROUNDING_MWH = 1_000;

function only<T>(candidates: readonly T[]): T | undefined {
  return candidates.length === 1 ? candidates[0] : undefined;
}
