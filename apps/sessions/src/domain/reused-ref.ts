/**
 * A 2.x station may use a transactionId again: one that counts anew after a reboot, or after each charge. Each charge is a session of
 * its own then. All of them go by the one id, and which of them a message means is told by its time. A start that is told again, in any
 * order, is the one it was; where it cannot be told whether a start is another one, it is kept for review.
 */
import { isProtocol16 } from './charging-state.js';
import { isTokenOf, mayMakePayer } from './payer.js';
import { hasSeqNo } from './seq-numbers.js';
import type { Session } from './session.js';
import type { TransactionMessage } from './transaction-message.js';

export type Meant =
  | { readonly kind: 'session'; readonly session: Session }
  /** A start that none of them had. */
  | { readonly kind: 'start' }
  | { readonly kind: 'doubt' };

/** What a station still says right behind the end of a transaction, a second Ended for one (docs/ocpp-notes.md section 5). */
const TRAILING_MS = 5 * 60_000;
/** A start that is told again with another time (Q28) is told within it. */
const TOLD_AGAIN_MS = 5 * 60_000;
/** The offset of a session's clock is kept in whole seconds. */
const OFFSET_STEP_MS = 1_000;

/** @param uses the sessions that go by the message's transaction id, in any order; undefined when there is none */
export function meantBy(message: TransactionMessage, uses: readonly Session[]): Meant | undefined {
  const [first, ...others] = inTime(uses);
  if (!first) return undefined;
  if (isProtocol16(message.protocol)) return { kind: 'session', session: first };
  return message.kind === 'STARTED'
    ? meantByStart(message, first, others)
    : meantByRest(message, first, others);
}

/** The same start, by what the station wrote: also when its time was none that could be believed at first, and is one by now (Q18). */
export function isStartOf({ startedAt, clockOffsetSeconds }: Session, message: TransactionMessage): boolean {
  const told = message.deviceTime ?? message.at;
  const asTold = startedAt.getTime() + clockOffsetSeconds * 1000;
  return message.at.getTime() === startedAt.getTime() || Math.abs(told.getTime() - asTold) <= OFFSET_STEP_MS;
}

/**
 * Is what is not a start past the end of its session? What is told late, or again, happened before the end. The rest shows it by
 * a number that the transaction has used already, or by its distance; by neither when the station's time is none (Q18) and it may
 * be told again. An end that was only concluded may still be told.
 */
export function isPastEnd({ end, seqNos }: Session, message: TransactionMessage): boolean {
  if (!end || end.inferred || message.at.getTime() <= end.at.getTime()) return false;
  if (message.seqNo !== undefined && hasSeqNo(seqNos, message.seqNo)) return isTimeBelieved(message);
  return message.at.getTime() > end.at.getTime() + TRAILING_MS;
}

export function inTime(uses: readonly Session[]): Session[] {
  return [...uses].sort((a, b) => a.startedAt.getTime() - b.startedAt.getTime());
}

function meantByRest(message: TransactionMessage, first: Session, others: readonly Session[]): Meant {
  let session = first;
  for (const later of others) if (isOfLater(message, session, later)) session = later;
  return isPastEnd(session, message) ? { kind: 'doubt' } : { kind: 'session', session };
}

/** An end in the moment in which the next one begins is that of the one before, unless that has its own. */
function isOfLater({ kind, at }: TransactionMessage, before: Session, { startedAt }: Session): boolean {
  if (at.getTime() !== startedAt.getTime()) return at.getTime() > startedAt.getTime();
  return kind !== 'ENDED' || (before.end !== undefined && !before.end.inferred);
}

function meantByStart(message: TransactionMessage, first: Session, others: readonly Session[]): Meant {
  const uses = [first, ...others];
  const same = uses.find((use) => isStartOf(use, message));
  if (same) return { kind: 'session', session: same };
  const session = uses.findLast(({ startedAt }) => startedAt.getTime() < message.at.getTime());
  if (!session) return beginsBefore(first, message) ? startIf(message) : { kind: 'session', session: first };
  const { end } = session;
  // Told again of one that runs: when nothing of it can be believed, it is no other.
  if (!end && !isTimeBelieved(message) && !isOtherToken(session, message))
    return { kind: 'session', session };
  if (end && message.at.getTime() >= end.at.getTime()) return startIf(message);
  if (!beginsAfter(session, message)) return { kind: 'session', session };
  return end && !end.inferred ? { kind: 'doubt' } : startIf(message);
}

/** One whose time is none may be an old one that is told again. */
function startIf(message: TransactionMessage): Meant {
  return { kind: isTimeBelieved(message) ? 'start' : 'doubt' };
}

/** Does the start begin something else than the session, which began before it and is not known to be over? */
function beginsAfter(session: Session, message: TransactionMessage): boolean {
  if (isOtherToken(session, message)) return true;
  const highest = session.seqNos.at(-1)?.[1];
  if (message.seqNo === undefined || highest === undefined || message.seqNo > highest) return false;
  return message.seqNo < highest || message.at.getTime() > session.startedAt.getTime() + TOLD_AGAIN_MS;
}

/** The same of a start that comes late, before the session. */
function beginsBefore(session: Session, message: TransactionMessage): boolean {
  if (isOtherToken(session, message)) return true;
  return (
    message.seqNo !== undefined &&
    hasSeqNo(session.seqNos, message.seqNo) &&
    message.at.getTime() < session.startedAt.getTime() - TOLD_AGAIN_MS
  );
}

function isOtherToken({ payer }: Session, message: TransactionMessage): boolean {
  const hash = message.token?.tokenHash;
  if (!payer?.authorised || payer.tokenHash === '' || !hash) return false;
  return mayMakePayer(message) && !isTokenOf(payer, hash);
}

function isTimeBelieved({ deviceTime, at }: TransactionMessage): boolean {
  return deviceTime?.getTime() === at.getTime();
}
