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
}

export type NewDeadLetter = Pick<
  DeadLetter,
  'id' | 'tenant' | 'source' | 'subject' | 'eventId' | 'payload' | 'traceparent' | 'deliveries'
>;

const COLUMNS = `id, tenant, source, subject, event_id AS "eventId", payload, traceparent, error_kind AS "errorKind",
  error_code AS "errorCode", error_text AS "errorText", deliveries, created_at AS "createdAt", replayed_at AS "replayedAt"`;
const MAX_TEXT = 2_000;

/** Set aside once, however often the message comes again before its termination is known to the server. */
export async function insertDeadLetter(tx: Tx, letter: NewDeadLetter, error: AppError): Promise<void> {
  const text = error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
  await tx.query(
    `INSERT INTO dead_letter (id, tenant, source, subject, event_id, payload, traceparent, deliveries,
       error_kind, error_code, error_text)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     ON CONFLICT (subject, event_id) WHERE replayed_at IS NULL DO NOTHING`,
    [
      letter.id, letter.tenant, letter.source, letter.subject, letter.eventId, letter.payload, letter.traceparent,
      letter.deliveries, error.kind, error.code, text.slice(0, MAX_TEXT).replaceAll('\0', ''),
    ], // prettier-ignore
  );
}

/** Newest first; the ones not replayed yet unless `all`. */
export function listDeadLetters(tx: Tx, options: { limit: number; all?: boolean }): Promise<DeadLetter[]> {
  return tx.query<DeadLetter>(
    `SELECT ${COLUMNS} FROM dead_letter WHERE $1 OR replayed_at IS NULL ORDER BY created_at DESC, id DESC LIMIT $2`,
    [options.all ?? false, options.limit],
  );
}

/** Locked until the transaction ends; undefined when there is none (or it was replayed). */
export async function takeDeadLetter(tx: Tx, id: string): Promise<DeadLetter | undefined> {
  const rows = await tx.query<DeadLetter>(
    `SELECT ${COLUMNS} FROM dead_letter WHERE id = $1 AND replayed_at IS NULL FOR UPDATE`,
    [id],
  );
  return rows[0];
}

export async function markReplayed(tx: Tx, id: string): Promise<void> {
  await tx.query('UPDATE dead_letter SET replayed_at = now() WHERE id = $1', [id]);
}
