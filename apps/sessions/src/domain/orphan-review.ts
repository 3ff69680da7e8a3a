/**
 * A person decides about a message that belongs to no session (docs/ocpp-notes.md rule 5): it is part of a session that is open at
 * the same station, or there is nothing to it. Attached, it counts as if the station had named the session: the same fold, the same
 * events. A start is never attached: a session has one, and a start of its own would have made one.
 */
import { conflict, precondition } from '@kilowatch/kernel';
import type { Orphan } from './orphan.js';
import { applyMessage, type Session } from './session.js';

export type OrphanState = 'OPEN' | 'ATTACHED' | 'DISMISSED';

export interface ReviewedOrphan extends Orphan {
  readonly stationId: string;
  /** The session it became part of, by its late start or by hand. */
  readonly adoptedBy: string | undefined;
  readonly dismissed: boolean;
}

export function stateOf({
  adoptedBy,
  dismissed,
}: Pick<ReviewedOrphan, 'adoptedBy' | 'dismissed'>): OrphanState {
  if (adoptedBy !== undefined) return 'ATTACHED';
  return dismissed ? 'DISMISSED' : 'OPEN';
}

/** Can a person attach it there? What was dismissed may still be. */
export function isAttachable({ message, stationId }: ReviewedOrphan, session: Session): boolean {
  return (
    message.kind !== 'STARTED' &&
    session.stationId === stationId &&
    !session.end &&
    message.at.getTime() >= session.startedAt.getTime()
  );
}

/**
 * The session with the message in it; undefined: it is in it already. Throws CONFLICT when it belongs to another session, else
 * PRECONDITION when it can be no part of this one.
 */
export function attached(orphan: ReviewedOrphan, session: Session): Session | undefined {
  if (orphan.adoptedBy === session.sessionId) return undefined;
  if (orphan.adoptedBy !== undefined)
    throw conflict('SESSIONS_ORPHAN_ATTACHED', 'The message belongs to another session already.');
  if (orphan.message.kind === 'STARTED')
    throw precondition('SESSIONS_ORPHAN_START', 'A start is not part of a session that has one.');
  if (session.end) throw precondition('SESSIONS_SESSION_ENDED', 'The session has ended.');
  if (!isAttachable(orphan, session))
    throw precondition(
      'SESSIONS_ORPHAN_ELSEWHERE',
      'The message is of another station, or older than the session.',
    );
  return applyMessage(session, orphan.message, []);
}

/** False: it is dismissed already. Throws CONFLICT when it is part of a session. */
export function canDismiss(orphan: ReviewedOrphan): boolean {
  if (orphan.adoptedBy !== undefined)
    throw conflict('SESSIONS_ORPHAN_ATTACHED', 'The message belongs to a session.');
  return !orphan.dismissed;
}
