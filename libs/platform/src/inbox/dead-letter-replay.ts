import { notFound, toAppError } from '@kilowatch/kernel';
import type { DueWorkDefinition } from '../db/due-work.js';
import { applyWithin } from './apply-events.js';
import { markReplayed, markReplayFailed, takeRequested, type DeadLetter } from './dead-letters.js';
import { decodeMessage, undecodable, type HandlerTable } from './decode.js';

/** A person waits for the outcome, and there are next to none of these rows. */
const INTERVAL_MS = 2_000;

/**
 * Replays the dead letters an operator asked for (tools/src/dead-letters) the way a delivery is handled: effect, the note "seen"
 * and the end of the letter commit together, so the effect happens once, whoever else had handled the event meanwhile. One that fails
 * again stays, with its new error and without the request.
 */
export function deadLetterReplay(table: HandlerTable): DueWorkDefinition<DeadLetter> {
  return {
    name: 'dead-letter-replay',
    intervalMs: INTERVAL_MS,
    take: (tx, _now, limit) => takeRequested(tx, limit),
    run: async (tx, letter) => {
      const decoded = decodeMessage(table, letter.subject, letter.payload);
      if (decoded.kind === 'poison') throw undecodable(decoded.reason);
      if (decoded.kind === 'unhandled')
        throw notFound('EVENT_UNHANDLED', 'Nothing in this service listens to this event any more.');
      await applyWithin(tx, [{ ...decoded, traceparent: letter.traceparent ?? undefined }]);
      await markReplayed(tx, letter.id);
    },
    failed: (tx, letter, error) => markReplayFailed(tx, letter.id, toAppError(error)),
  };
}
