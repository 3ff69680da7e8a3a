import type { AppError } from '@kilowatch/kernel';
import type { Tx } from '../db/tx.js';

export interface DeadLetter {
  readonly id: string;
  readonly tenant: string;
  /** Service whose stream it came from. */
  readonly source: string;
  readonly subject: string;
  readonly eventId: string | null;
  readonly payload: Uint8Array;
  readonly traceparent: string | null;
  readonly errorKind: string;
  readonly errorCode: string;
  readonly errorText: string;
  readonly deliveries: number;
  readonly createdAt: Date;
  readonly replayedAt: Date | null;
  /** Looked at and given up: kept, never replayed. */
  readonly discardedAt: Date | null;
}

export type NewDeadLetter = Pick<
  DeadLetter,
  'id' | 'tenant' | 'source' | 'subject' | 'eventId' | 'payload' | 'traceparent' | 'deliveries'
>;

const COLUMNS = `id, tenant, source, subject, event_id AS "eventId", payload, traceparent, error_kind AS "errorKind",
  error_code AS "errorCode", error_text AS "errorText", deliveries, created_at AS "createdAt", replayed_at AS "replayedAt",
  discarded_at AS "discardedAt"`;
const OPEN = 'replayed_at IS NULL AND discarded_at IS NULL';
const MAX_TEXT = 2_000;

/** Set aside once, however often the message comes again before its termination is known to the server. */
export async function insertDeadLetter(tx: Tx, letter: NewDeadLetter, error: AppError): Promise<void> {
  await tx.query(
    `INSERT INTO dead_letter (id, tenant, source, subject, event_id, payload, traceparent, deliveries,
       error_kind, error_code, error_text)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     ON CONFLICT (subject, event_id) WHERE replayed_at IS NULL DO NOTHING`,
    [
      letter.id, letter.tenant, letter.source, letter.subject, letter.eventId, letter.payload, letter.traceparent,
      letter.deliveries, error.kind, error.code, textOf(error),
    ], // prettier-ignore
  );
}

function textOf(error: AppError): string {
  const text = error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
  return text.slice(0, MAX_TEXT).replaceAll('\0', '');
}

/** Newest first; the ones neither replayed nor discarded unless `all`. */
export function listDeadLetters(tx: Tx, options: { limit: number; all?: boolean }): Promise<DeadLetter[]> {
  return tx.query<DeadLetter>(
    `SELECT ${COLUMNS} FROM dead_letter WHERE $1 OR (${OPEN}) ORDER BY created_at DESC, id DESC LIMIT $2`,
    [options.all ?? false, options.limit],
  );
}

/** Those somebody asked to be replayed, in the order they were set aside; locked until the transaction ends. */
export function takeRequested(tx: Tx, limit: number): Promise<DeadLetter[]> {
  return tx.query<DeadLetter>(
    `SELECT ${COLUMNS} FROM dead_letter WHERE replay_requested_at IS NOT NULL AND ${OPEN}
     ORDER BY created_at, id LIMIT $1 FOR UPDATE SKIP LOCKED`,
    [limit],
  );
}

export async function markReplayed(tx: Tx, id: string): Promise<void> {
  await tx.query('UPDATE dead_letter SET replayed_at = now(), replay_requested_at = NULL WHERE id = $1', [
    id,
  ]);
}

/** The request is answered with the new error: who asked decides what is next. */
export async function markReplayFailed(tx: Tx, id: string, error: AppError): Promise<void> {
  await tx.query(
    `UPDATE dead_letter SET replay_requested_at = NULL, deliveries = deliveries + 1, error_kind = $2, error_code = $3,
       error_text = $4 WHERE id = $1`,
    [id, error.kind, error.code, textOf(error)],
  );
}
