import { Injectable } from '@nestjs/common';
import type { Tx } from '@kilowatch/platform';
import { LRUCache } from 'lru-cache';
import type { ReadingRow } from '../persistence/reading.repository.js';
import {
  sessionIdsOf,
  transactionKey,
  type MeteredSession,
} from '../persistence/metered-session.repository.js';

/** A transaction never changes its session, so what is known stays known; bounded by the sessions of a busy fleet. */
const MOST_REMEMBERED = 50_000;

/**
 * Which session a reading belongs to: from memory, which hears of each session that this process takes over, or the projection.
 * Unknown while `session_started` is on its way.
 */
@Injectable()
export class SessionIndex {
  private readonly known = new LRUCache<string, string>({ max: MOST_REMEMBERED });

  /** Remembers the session of a transaction once `tx`, which stores it, is committed. */
  learn(
    tx: Tx,
    session: Pick<MeteredSession, 'tenant' | 'stationId' | 'transactionRef' | 'sessionId'>,
  ): void {
    const key = transactionKey(session.tenant, session.stationId, session.transactionRef);
    tx.afterCommit(() => void this.known.set(key, session.sessionId));
  }

  async sessionsOf(tx: Tx, rows: readonly ReadingRow[]): Promise<Map<ReadingRow, string>> {
    const named = rows.filter((row) => row.transactionRef !== '');
    const missing = named.filter((row) => !this.known.has(keyOf(row)));
    if (missing.length > 0) {
      for (const [key, sessionId] of await sessionIdsOf(tx, missing)) this.known.set(key, sessionId);
    }
    const found = new Map<ReadingRow, string>();
    for (const row of named) {
      const sessionId = this.known.get(keyOf(row));
      if (sessionId) found.set(row, sessionId);
    }
    return found;
  }
}

function keyOf(row: ReadingRow): string {
  return transactionKey(row.tenant, row.stationId, row.transactionRef);
}
