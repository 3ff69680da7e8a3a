import { events } from '@kilowatch/contracts';
import type { Tx } from '@kilowatch/platform';
import type { Orphan } from '../domain/orphan.js';
import type { Session } from '../domain/session.js';

/**
 * A message that named another transaction, or none, is part of this session now: metering puts its readings there. Published before
 * the session's own events, so that the closing register is there when the session ends.
 */
export function announceAdopted(tx: Tx, { id, message }: Orphan, session: Session, now: Date): void {
  if (message.transactionRef === session.transactionRef) return;
  tx.publish(events.orphanAttached, {
    aggregateId: session.sessionId,
    aggregateVersion: session.version,
    occurredAt: now,
    payload: {
      orphanId: id,
      stationId: session.stationId,
      sessionId: session.sessionId,
      transactionRef: session.transactionRef,
      evseNumber: session.evseNumber,
      sessionStartedAt: session.startedAt,
      orphanTransactionRef: message.transactionRef,
      occurredAt: message.deviceTime ?? message.at,
    },
  });
}
