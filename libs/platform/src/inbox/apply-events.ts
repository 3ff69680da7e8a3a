import { SpanKind } from '@opentelemetry/api';
import { pgArray } from '../db/pg-array.js';
import { enterTenant } from '../db/pg-tx.js';
import { SYSTEM_SCOPE, tenantScope } from '../db/scope.js';
import { sideBySide } from '../db/side-by-side.js';
import type { Database } from '../db/database.js';
import type { Tx } from '../db/tx.js';
import { withSpan } from '../trace/span.js';
import type { IncomingEvent } from './decode.js';

export interface TracedEvent extends IncomingEvent {
  readonly traceparent: string | undefined;
}

/** All events and their "seen" notes in one transaction: all of it happens or none. Returns how many were new. */
export function applyEvents(database: Database, events: readonly TracedEvent[]): Promise<number> {
  return database.transaction(SYSTEM_SCOPE, (tx) => applyWithin(tx, events));
}

export async function applyWithin(tx: Tx, events: readonly TracedEvent[]): Promise<number> {
  // In one order everywhere, so that two processes with overlapping batches wait instead of deadlocking.
  const inserted = await tx.query<{ event_id: string }>(
    `INSERT INTO inbox (event_id) SELECT DISTINCT id FROM unnest($1::uuid[]) AS id ORDER BY id
     ON CONFLICT ON CONSTRAINT inbox_pk DO NOTHING RETURNING event_id`,
    [pgArray.uuid(events.map((event) => event.meta.eventId))],
  );
  const fresh = new Set(inserted.map((row) => row.event_id));
  // delete: the batch itself may hold an event twice
  const due = events.filter((event) => fresh.delete(event.meta.eventId));
  for (const part of partsOf(runsOf(due))) await handlePart(tx, part);
  return inserted.length;
}

/** Neighbours of one kind and tenant whose handlers take several at once; every other event is a run of its own. */
function runsOf(events: readonly TracedEvent[]): TracedEvent[][] {
  const runs: TracedEvent[][] = [];
  for (const event of events) {
    const run = runs.at(-1);
    const first = run?.[0];
    const joins =
      first !== undefined &&
      first.handlers === event.handlers &&
      first.meta.tenant === event.meta.tenant &&
      event.handlers.every((handler) => handler.handleTogether !== undefined);
    if (joins) run?.push(event);
    else runs.push([event]);
  }
  return runs;
}

type Run = readonly TracedEvent[];

/** Neighbouring runs of one tenant whose handlers may work side by side; every other run is a part of its own. */
function partsOf(runs: readonly Run[]): Run[][] {
  const parts: Run[][] = [];
  for (const run of runs) {
    const part = parts.at(-1);
    const first = part?.[0]?.[0];
    const joins =
      first !== undefined &&
      first.meta.tenant === run[0]!.meta.tenant &&
      isSideBySide(first) &&
      isSideBySide(run[0]!);
    if (joins) part?.push(run);
    else parts.push([run]);
  }
  return parts;
}

function isSideBySide({ handlers }: TracedEvent): boolean {
  return handlers.every((handler) => handler.sideBySide === true);
}

/** Runs of one aggregate in their order, those of different ones at the same time. */
async function handlePart(tx: Tx, part: readonly Run[]): Promise<void> {
  if (part.length === 1) return handle(tx, part[0]!);
  await enterTenant(tx, tenantScope(part[0]![0]!.meta.tenant));
  await sideBySide(
    part,
    (run) => run[0]!.meta.aggregateId,
    (run) => handle(tx, run),
  );
}

function handle(tx: Tx, run: readonly TracedEvent[]): Promise<void> {
  const { meta, handlers, traceparent } = run[0]!;
  const attributes = {
    'messaging.message.id': meta.eventId,
    tenant: meta.tenant,
    event: handlers[0]!.event.name,
  };
  return withSpan('inbox.handle', { kind: SpanKind.CONSUMER, parent: traceparent, attributes }, async () => {
    // Not left afterwards: the next event of the batch is mostly the same tenant's.
    await enterTenant(tx, tenantScope(meta.tenant));
    for (const handler of handlers) {
      if (handler.handleTogether) await handler.handleTogether(tx, run);
      else await handler.handle(tx, run[0]!.payload, meta);
    }
  });
}
