import { notFound, toAppError } from '@kilowatch/kernel';
import type { DueWorkDefinition } from '../db/due-work.js';
import { applyWithin, type TracedEvent } from './apply-events.js';
import { markReplayed, markReplayFailed, takeRequested, type DeadLetter } from './dead-letters.js';
import { partsOf, undecodable, type HandlerTable } from './decode.js';

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
      await applyWithin(tx, eventsToReplay(table, letter));
      await markReplayed(tx, letter.id);
    },
    failed: (tx, letter, error) => markReplayFailed(tx, letter.id, toAppError(error)),
  };
}

/** Those that somebody here listens to: a letter may be a whole bundle that could not be read at the time. */
function eventsToReplay(
  table: HandlerTable,
  { subject, payload, traceparent }: DeadLetter,
): readonly TracedEvent[] {
  const parts = partsOf(table, { subject, payload, traceparent: traceparent ?? undefined });
  const events = parts.map(({ carried, decoded }): TracedEvent => {
    if (decoded.kind === 'poison') throw undecodable(decoded.reason);
    return { ...decoded, traceparent: carried.traceparent };
  });
  if (events.length === 0)
    throw notFound('EVENT_UNHANDLED', 'Nothing in this service listens to this event any more.');
  return events;
}
