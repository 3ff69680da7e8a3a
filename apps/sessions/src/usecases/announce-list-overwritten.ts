import { events } from '@kilowatch/contracts';
import type { Tx } from '@kilowatch/platform';
import type { CommandOutcome } from '../domain/command-outcome.js';

export interface CommandedList {
  /** Of the audit row or the bulk command. */
  readonly commandId: string;
  readonly stationId: string;
  readonly action: string;
  readonly outcome: CommandOutcome;
}

/** Auth keeps the local lists of stations; of one that an operator wrote by hand it knows nothing. */
export function announceListOverwritten(
  tx: Tx,
  { commandId, stationId, action, outcome }: CommandedList,
  at: Date,
): void {
  if (action !== 'SendLocalList' || (outcome !== 'ACCEPTED' && outcome !== 'UNKNOWN')) return;
  tx.publish(events.localListOverwritten, {
    aggregateId: commandId,
    aggregateVersion: 1,
    occurredAt: at,
    payload: { stationId },
  });
}
