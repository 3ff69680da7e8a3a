/**
 * The charging session. It is folded from messages that may come twice, late and in any order (OCPP 1.6 section 5,
 * 2.0.1 E01-E13; docs/ocpp-notes.md rules 4-6): every part of it is a set or an extreme, so the result depends on the
 * messages only, not on their order. An ended session never revives (citrineos#204).
 */
import { stateMachine } from '@kilowatch/kernel';
import { initialChargingState, type ChargingState } from './charging-state.js';
import { clockOffsetSeconds, later } from './device-time.js';
import { payerOf, preferredPayer, type Payer } from './payer.js';
import type { RemoteStart } from './remote-start.js';
import { addSeqNo, type SeqRanges } from './seq-numbers.js';
import { addMark, statePeriods, type StateMark, type StatePeriod } from './state-periods.js';
import { keyOfMessage, type TransactionMessage } from './transaction-message.js';

export type SessionStatus = 'ACTIVE' | 'ENDED';

export const sessionMoves = stateMachine<SessionStatus>({ ACTIVE: ['ENDED'], ENDED: [] });

export interface SessionEnd {
  readonly at: Date;
  readonly reason: string;
  /** Concluded by us from a newer transaction; the station's own word replaces it. */
  readonly inferred: boolean;
}

export interface Session {
  readonly sessionId: string;
  readonly stationId: string;
  readonly protocol: string;
  /** As the station names it. */
  readonly transactionRef: string;
  /** Unlike any other of the station; only where the station used `transactionRef` for another session. */
  readonly ownRef?: string;
  readonly startKey: string;
  readonly evseNumber: number;
  readonly connectorNumber: number;
  readonly startedAt: Date;
  readonly end?: SessionEnd;
  readonly offline: boolean;
  readonly marks: readonly StateMark[];
  readonly seqNos: SeqRanges;
  readonly payer?: Payer;
  readonly clockOffsetSeconds: number;
  readonly version: number;
}

export interface NewSession {
  readonly sessionId: string;
  readonly stationId: string;
  readonly transactionRef: string;
  readonly ownRef?: string;
  readonly startKey: string;
}

export function openSession(
  identity: NewSession,
  started: TransactionMessage,
  remoteStarts: readonly RemoteStart[],
): Session {
  const isAlone = isBegunAlone(started, remoteStarts);
  const blank: Session = {
    ...identity,
    protocol: started.protocol,
    evseNumber: started.evseNumber,
    connectorNumber: started.connectorNumber,
    startedAt: started.at,
    offline: isAlone,
    marks: [],
    seqNos: [],
    clockOffsetSeconds: isAlone ? 0 : clockOffsetSeconds(started.deviceTime, started.receivedAt),
    version: 0,
  };
  return applyMessage(blank, started, remoteStarts);
}

/** Without us. What answers a request of ours is not, however its clock goes. */
function isBegunAlone(started: TransactionMessage, remoteStarts: readonly RemoteStart[]): boolean {
  return (
    started.offline || (started.late === true && payerOf(started, remoteStarts)?.startMethod !== 'COMMAND')
  );
}

/** The same object when the message adds nothing. */
export function applyMessage(
  session: Session,
  message: TransactionMessage,
  remoteStarts: readonly RemoteStart[],
): Session {
  const mark = markOf(message);
  const next: Session = {
    ...session,
    marks: mark ? addMark(session.marks, mark) : session.marks,
    seqNos: addSeqNo(session.seqNos, message.seqNo),
    payer: isAfterEnd(session, message)
      ? session.payer
      : preferredPayer(session.payer, payerOf(message, remoteStarts)),
    evseNumber: session.evseNumber || message.evseNumber,
    connectorNumber: session.connectorNumber || message.connectorNumber,
    end: message.kind === 'ENDED' ? reportedEnd(session, message) : session.end,
  };
  return sameParts(session, next) ? session : next;
}

/** A 1.6 StatusNotification, or the history of one found at the start. */
export function applyMark(session: Session, mark: StateMark): Session {
  const marks = addMark(session.marks, mark);
  return marks === session.marks ? session : { ...session, marks };
}

/** A newer transaction runs on the same EVSE: this one is over, however its end got lost. */
export function endInferred(session: Session, at: Date, reason: string): Session {
  if (session.end && (!session.end.inferred || session.end.at.getTime() <= at.getTime())) return session;
  if (!session.end) sessionMoves.assertMove('ACTIVE', 'ENDED');
  return { ...session, end: { at: later(at, session.startedAt), reason, inferred: true } };
}

export function statusOf(session: Session): SessionStatus {
  return session.end ? 'ENDED' : 'ACTIVE';
}

export function periodsOf(session: Session): StatePeriod[] {
  const initial = initialChargingState(session.protocol);
  return statePeriods(session.marks, initial, session.startedAt, session.end?.at);
}

export function chargingStateOf(session: Session): ChargingState {
  return session.end ? 'IDLE' : periodsOf(session).at(-1)!.state;
}

export function hasCharged(session: Session): boolean {
  return periodsOf(session).some((period) => period.state === 'CHARGING');
}

/** 1.6 chargers say Charging or SuspendedEVSE a moment before StartTransaction: that is the state they start in. */
export const STATUS_LEAD_MS = 60_000;

/** Does a connector status of this device time belong to the session's story? */
export function concernsSession(session: Session, at: Date): boolean {
  return (
    coversTime(session, new Date(Math.max(at.getTime(), session.startedAt.getTime()))) &&
    at.getTime() >= session.startedAt.getTime() - STATUS_LEAD_MS
  );
}

/** Was the session open at this device time? */
export function coversTime(session: Session, at: Date): boolean {
  if (at.getTime() < session.startedAt.getTime()) return false;
  return !session.end || at.getTime() <= session.end.at.getTime();
}

/** Would anybody outside see a difference? Sequence numbers alone are bookkeeping. */
export function isVisibleChange(before: Session, after: Session): boolean {
  return visible(before) !== visible(after);
}

function visible(session: Session): string {
  const { evseNumber, connectorNumber, payer, end } = session;
  return JSON.stringify([evseNumber, connectorNumber, payer, end, periodsOf(session)]);
}

function markOf(message: TransactionMessage): StateMark | undefined {
  if (!message.chargingState || message.kind === 'ENDED') return undefined;
  return { at: message.at, state: message.chargingState, seqNo: message.seqNo, key: keyOfMessage(message) };
}

/** A token that is shown after the end, as the station itself told it, pays for something else. */
function isAfterEnd({ end }: Session, message: TransactionMessage): boolean {
  return end !== undefined && !end.inferred && message.at.getTime() > end.at.getTime();
}

// The first Ended the station sends counts; emob sends two (docs/ocpp-notes.md section 5).
function reportedEnd(session: Session, ended: TransactionMessage): SessionEnd {
  if (session.end && !session.end.inferred) return session.end;
  if (!session.end) sessionMoves.assertMove('ACTIVE', 'ENDED');
  return {
    at: later(ended.at, session.startedAt),
    reason: ended.stoppedReason || 'Local',
    inferred: false,
  };
}

function sameParts(a: Session, b: Session): boolean {
  return (
    a.marks === b.marks &&
    a.seqNos === b.seqNos &&
    a.payer === b.payer &&
    a.evseNumber === b.evseNumber &&
    a.connectorNumber === b.connectorNumber &&
    a.end === b.end
  );
}
