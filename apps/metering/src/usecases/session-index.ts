import { Injectable } from '@nestjs/common';
import type { Tx } from '@kilowatch/platform';
import { LRUCache } from 'lru-cache';
import type { ReadingRow } from '../persistence/reading.repository.js';
import {
  runningOn,
  sessionsOfTransactions,
  transactionKey,
  type EvsePlace,
  type MeteredSession,
  type PlacedSession,
  type RunningSession,
} from '../persistence/metered-session.repository.js';

/** A transaction never changes its session, so what is known stays known; bounded by the sessions of a busy fleet. */
const MOST_REMEMBERED = 50_000;
/** A start is told a moment after the first readings: asking for it with each of them would find nothing each time. */
const ASK_AGAIN_MS = 250;
const MOST_ASKED = 10_000;
/** What runs on an EVSE is believed for so long: another process may have taken over its end or the next start. */
const RUNNING_KEPT_MS = 5_000;

/** Whose a reading is. */
export interface ReadingOwner extends PlacedSession {
  readonly transactionRef: string;
}

/**
 * Which session a reading belongs to: from memory, which hears of each session that this process takes over, or the projection.
 * Unknown while `session_started` is on its way. A reading that names no transaction belongs to what runs on its EVSE, from the start
 * of that on (docs/ocpp-notes.md rule 6); one that is older waits for the close, which goes by time alone.
 */
@Injectable()
export class SessionIndex {
  private readonly known = new LRUCache<string, ReadingOwner>({ max: MOST_REMEMBERED });
  private readonly unknown = new LRUCache<string, true>({ max: MOST_ASKED, ttl: ASK_AGAIN_MS });
  /** `null`: nothing runs there. */
  private readonly running = new LRUCache<string, { readonly session: RunningSession | null }>({
    max: MOST_REMEMBERED,
    ttl: RUNNING_KEPT_MS,
  });

  /** Remembers the session of a transaction once `tx`, which stores it, is committed. */
  learn(
    tx: Tx,
    session: PlacedSession & Pick<MeteredSession, 'tenant' | 'stationId' | 'transactionRef' | 'evseNumber'>,
  ): void {
    const key = transactionKey(session.tenant, session.stationId, session.transactionRef);
    tx.afterCommit(() => {
      this.known.set(key, owner(session));
      // It began or ended: the next reading looks.
      this.running.delete(placeKey(session));
    });
  }

  async sessionsOf(tx: Tx, rows: readonly ReadingRow[]): Promise<Map<ReadingRow, ReadingOwner>> {
    const found = new Map<ReadingRow, ReadingOwner>();
    const missing: ReadingRow[] = [];
    const nameless: ReadingRow[] = [];
    for (const row of rows) {
      if (row.transactionRef === '') {
        if (row.evseNumber > 0) nameless.push(row);
        continue;
      }
      const key = keyOf(row);
      const session = this.known.get(key);
      if (session) found.set(row, session);
      else if (!this.unknown.has(key)) missing.push(row);
    }
    await Promise.all([this.lookUp(tx, missing), this.lookAt(tx, nameless)]);
    for (const row of missing) {
      const session = this.known.get(keyOf(row));
      if (session) found.set(row, session);
    }
    for (const row of nameless) {
      const session = this.running.get(placeKey(row))?.session;
      if (session && row.measuredAt >= session.startedAt) found.set(row, session);
    }
    return found;
  }

  private async lookUp(tx: Tx, missing: readonly ReadingRow[]): Promise<void> {
    if (missing.length === 0) return;
    const found = await sessionsOfTransactions(tx, missing);
    for (const row of missing) {
      const key = keyOf(row);
      const session = found.get(key);
      if (session) this.known.set(key, { ...session, transactionRef: row.transactionRef });
      else this.unknown.set(key, true);
    }
  }

  private async lookAt(tx: Tx, nameless: readonly ReadingRow[]): Promise<void> {
    const missing = nameless.filter((row) => !this.running.has(placeKey(row)));
    if (missing.length === 0) return;
    const found = new Map((await runningOn(tx, missing)).map((session) => [placeKey(session), session]));
    for (const row of missing) {
      const key = placeKey(row);
      this.running.set(key, { session: found.get(key) ?? null });
    }
  }
}

function owner({ sessionId, locationId, evseId, transactionRef }: ReadingOwner): ReadingOwner {
  return { sessionId, locationId, evseId, transactionRef };
}

function keyOf(row: ReadingRow): string {
  return transactionKey(row.tenant, row.stationId, row.transactionRef);
}

function placeKey({ tenant, stationId, evseNumber }: EvsePlace): string {
  return `${tenant}|${stationId}|${evseNumber}`;
}
