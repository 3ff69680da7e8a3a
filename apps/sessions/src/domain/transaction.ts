/**
 * What one transaction message does, given what is known of its station. Pure: the use case loads the situation,
 * calls this once and writes the outcome in one transaction.
 */
import { isProtocol16 } from './charging-state.js';
import { startKey201 } from './business-key.js';
import { supersededBy, supersededByNext, type StartPoint, type Superseded } from './evse-exclusivity.js';
import {
  adoptionOrder,
  isReusedRef,
  onlyMeant,
  resolveWithoutRef,
  stopBeforeStart,
  type Orphan,
} from './orphan.js';
import type { RemoteStart } from './remote-start.js';
import { applyMark, applyMessage, openSession, type Session } from './session.js';
import type { StateMark } from './state-periods.js';
import type { TransactionMessage } from './transaction-message.js';
import { isUsableRef } from './transaction-ref.js';

export interface Situation {
  readonly stationId: string;
  readonly evseCount: number;
  /** By (station, reference), or by start key for a 1.6 start. */
  readonly known: Session | undefined;
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
  const before = now.known ?? resolveIdless(message, now);
  if (before && isReusedRef(before, message)) return { kind: 'orphan', reason: 'REUSED_TRANSACTION_ID' };
  if (!before && message.kind !== 'STARTED') {
    const reason = isUsableRef(message.transactionRef) ? 'UNKNOWN_TRANSACTION' : 'NO_TRANSACTION_ID';
    return { kind: 'orphan', reason };
  }
  const folded = before ? applyMessage(before, message, now.remoteStarts) : begin(message, now, ids);
  const stop = before
    ? undefined
    : stopBeforeStart(message, now.idlessStops, { evseCount: now.evseCount, next: now.nextOnEvse });
  const adopted = adoptionOrder(stop ? [...now.orphans, stop] : now.orphans);
  const whole = adopted.reduce(
    (session, orphan) => applyMessage(session, orphan.message, now.remoteStarts),
    folded,
  );
  const placed = !before || before.evseNumber !== whole.evseNumber;
  const session = placed ? supersededByNext(whole, now.nextOnEvse) : whole;
  return {
    kind: 'session',
    before,
    session,
    superseded: placed ? supersededBy(session, now.unended) : [],
    adopted,
  };
}

function begin(message: TransactionMessage, now: Situation, ids: FreshIds): Session {
  const is16 = isProtocol16(message.protocol);
  const transactionRef = is16 ? ids.transactionRef() : message.transactionRef;
  const identity = {
    sessionId: ids.sessionId,
    stationId: now.stationId,
    transactionRef,
    startKey: is16 ? ids.startKey : startKey201(transactionRef),
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
