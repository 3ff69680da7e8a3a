/**
 * What one transaction message does, given what is known of its station. Pure: the use case loads the situation,
 * calls this once and writes the outcome in one transaction.
 */
import { isProtocol16 } from './charging-state.js';
import { refOfStart, startKey201 } from './business-key.js';
import { supersededBy, supersededByNext, type StartPoint, type Superseded } from './evse-exclusivity.js';
import { adoptionOrder, onlyMeant, resolveWithoutRef, stopBeforeStart, type Orphan } from './orphan.js';
import type { RemoteStart } from './remote-start.js';
import { inTime, isStartOf, meantBy } from './reused-ref.js';
import { applyMark, applyMessage, openSession, type Session } from './session.js';
import type { StateMark } from './state-periods.js';
import type { TransactionMessage } from './transaction-message.js';
import { isUsableRef } from './transaction-ref.js';

export interface Situation {
  readonly stationId: string;
  readonly evseCount: number;
  /** By (station, reference), or by start key for a 1.6 start; of a 2.x id that was used again several. */
  readonly known: readonly Session[];
  /** Sessions of the station that the station itself has not ended. */
  readonly unended: readonly Session[];
  /** Sessions that the station itself ended at the message's time: a stop without id may be the same stop again. */
  readonly endedThen: readonly Session[];
  /** The nearest session on the message's EVSE that started after it. */
  readonly nextOnEvse: StartPoint | undefined;
  /** Not yet adopted messages of this station and reference. */
  readonly orphans: readonly Orphan[];
  /** For a 1.6 start: not yet adopted stops of the station, from its time on, that named no transaction. */
  readonly idlessStops: readonly Orphan[];
  /** 1.6: what the connector said around the start. */
  readonly statusMarks: readonly StateMark[];
  readonly remoteStarts: readonly RemoteStart[];
}

/** Ids are arguments: the domain makes none. `startKey` identifies a 1.6 start. */
export interface FreshIds {
  readonly sessionId: string;
  readonly transactionRef: () => string;
  readonly startKey: string;
}

export type OrphanReason = 'UNKNOWN_TRANSACTION' | 'NO_TRANSACTION_ID' | 'REUSED_TRANSACTION_ID';

export type Outcome =
  | { readonly kind: 'orphan'; readonly reason: OrphanReason }
  | {
      readonly kind: 'session';
      /** Undefined when this message began it. */
      readonly before: Session | undefined;
      readonly session: Session;
      readonly superseded: readonly Superseded[];
      readonly adopted: readonly Orphan[];
    };

export function decideTransaction(message: TransactionMessage, now: Situation, ids: FreshIds): Outcome {
  const meant = meantBy(message, now.known);
  if (meant?.kind === 'doubt') return { kind: 'orphan', reason: 'REUSED_TRANSACTION_ID' };
  const before = meant?.kind === 'session' ? meant.session : resolveIdless(message, now);
  if (!before && message.kind !== 'STARTED') {
    const reason = isUsableRef(message.transactionRef) ? 'UNKNOWN_TRANSACTION' : 'NO_TRANSACTION_ID';
    return { kind: 'orphan', reason };
  }
  const folded = before ? applyMessage(before, message, now.remoteStarts) : begin(message, now, ids);
  const { whole, adopted } = adopt(folded, message, now, !before);
  const placed = !before || before.evseNumber !== whole.evseNumber;
  const session = placed ? supersededByNext(whole, now.nextOnEvse, nextUse(whole, now)) : whole;
  return {
    kind: 'session',
    before,
    session,
    superseded: placed ? supersededBy(session, now.unended, now.known) : [],
    adopted,
  };
}

/** What waited for the session, in the order it happened. */
function adopt(
  folded: Session,
  message: TransactionMessage,
  now: Situation,
  isNew: boolean,
): { whole: Session; adopted: Orphan[] } {
  const stop = isNew
    ? stopBeforeStart(message, now.idlessStops, { evseCount: now.evseCount, next: now.nextOnEvse })
    : undefined;
  const adopted: Orphan[] = [];
  let whole = folded;
  for (const orphan of adoptionOrder(stop ? [...now.orphans, stop] : now.orphans)) {
    if (!isWaitingFor(whole, orphan.message, now)) continue;
    whole = applyMessage(whole, orphan.message, now.remoteStarts);
    adopted.push(orphan);
  }
  return { whole, adopted };
}

/** Of a 2.x id that was used again, what happened from its start to the next one. */
function isWaitingFor(session: Session, orphan: TransactionMessage, now: Situation): boolean {
  if (isProtocol16(session.protocol)) return true;
  if (orphan.kind === 'STARTED') return isStartOf(session, orphan);
  const others = now.known.filter(({ sessionId }) => sessionId !== session.sessionId);
  const meant = meantBy(orphan, [...others, session]);
  return meant?.kind === 'session' && meant.session === session;
}

/** The next start under its transaction id. */
function nextUse({ startedAt }: Session, now: Situation): StartPoint | undefined {
  return inTime(now.known).find((use) => use.startedAt.getTime() > startedAt.getTime());
}

function begin(message: TransactionMessage, now: Situation, ids: FreshIds): Session {
  const is16 = isProtocol16(message.protocol);
  const transactionRef = is16 ? ids.transactionRef() : message.transactionRef;
  const ownRef = !is16 && now.known.length > 0 ? refOfStart(transactionRef, message.at) : undefined;
  const identity = {
    sessionId: ids.sessionId,
    stationId: now.stationId,
    transactionRef,
    ...(ownRef === undefined ? {} : { ownRef }),
    startKey: is16 ? ids.startKey : startKey201(ownRef ?? transactionRef),
  };
  const opened = openSession(identity, message, now.remoteStarts);
  return is16 ? now.statusMarks.reduce(applyMark, opened) : opened;
}

function resolveIdless(message: TransactionMessage, now: Situation): Session | undefined {
  if (message.kind === 'STARTED' || isUsableRef(message.transactionRef)) return undefined;
  const station = { evseCount: now.evseCount };
  const repeated = message.kind === 'ENDED' ? onlyMeant(message, now.endedThen, station) : undefined;
  return repeated ?? resolveWithoutRef(message, now.unended, station);
}
