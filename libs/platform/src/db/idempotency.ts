import { conflict, unavailable } from '@kilowatch/kernel';
import { createHash } from 'node:crypto';
import type { Tx } from './tx.js';

export interface IdempotentRequest {
  /** Name of the mutation or call. */
  readonly operation: string;
  /** Who asks: a key of one account means nothing to another. */
  readonly subject: string;
  readonly key: string;
  /** `argsHash(arguments)`. */
  readonly argsHash: string;
}

const CLAIM = `INSERT INTO idempotency AS held (tenant, operation, subject, key, args_hash)
  SELECT $1, $2, $3, $4, $5
  WHERE pg_try_advisory_xact_lock(hashtextextended($6, 2))
  ON CONFLICT ON CONSTRAINT idempotency_pk DO UPDATE
    SET args_hash = excluded.args_hash, answer = NULL, created_at = now()
    WHERE held.created_at < now() - interval '24 hours'
  RETURNING 1`;

/**
 * Runs `fn` once per key: a repetition gets the stored answer, the same key with other arguments is CONFLICT, a repetition while
 * the first is still running is UNAVAILABLE. Keys are kept 24 hours. The answer must be JSON; the first caller gets it after the
 * same round trip as everyone later.
 */
export async function idempotent<T>(tx: Tx, request: IdempotentRequest, fn: () => Promise<T>): Promise<T> {
  const tenant = tx.scope.kind === 'tenant' ? tx.scope.tenant : '*';
  const id = [tenant, request.operation, request.subject, request.key];
  const claimed = await tx.query(CLAIM, [...id, request.argsHash, JSON.stringify(id)]);
  if (claimed.length === 0) return storedAnswer<T>(tx, id, request.argsHash);
  const answer = JSON.stringify((await fn()) ?? null);
  await tx.query(
    'UPDATE idempotency SET answer = $5 WHERE tenant = $1 AND operation = $2 AND subject = $3 AND key = $4',
    [...id, answer],
  );
  return JSON.parse(answer) as T;
}

async function storedAnswer<T>(tx: Tx, id: readonly string[], argsHash: string): Promise<T> {
  const rows = await tx.query<{ args_hash: string; answer: T }>(
    'SELECT args_hash, answer FROM idempotency WHERE tenant = $1 AND operation = $2 AND subject = $3 AND key = $4',
    id,
  );
  const [row] = rows;
  if (row === undefined) throw unavailable('IDEMPOTENCY_IN_FLIGHT', 'The same request is being worked on.');
  if (row.args_hash !== argsHash) {
    throw conflict('IDEMPOTENCY_KEY_REUSED', 'This idempotency key was used for another request.');
  }
  return row.answer;
}

/** A hash that does not depend on the order of keys. */
export function argsHash(args: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(args, sortedKeys) ?? 'null')
    .digest('base64url');
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
