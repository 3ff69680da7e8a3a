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

/** What is known stays known until the station uses the id again; bounded by the sessions of a busy fleet. */
const MOST_REMEMBERED = 50_000;
/** Another process may have heard that the station uses the id again. */
const KNOWN_KEPT_MS = 10 * 60_000;
/** A start is told a moment after the first readings: asking for it with each of them would find nothing each time. */
const ASK_AGAIN_MS = 250;
const MOST_ASKED = 10_000;
/** What runs on an EVSE is believed for so long: another process may have taken over its end or the next start. */
const RUNNING_KEPT_MS = 5_000;

/** Whose a reading is. */
export type ReadingOwner = PlacedSession;

/** Who goes by a transaction id, in time order: nearly always one. */
interface Uses {
  owners: readonly ReadingOwner[];
  /** The highest number of a reading, and when it was measured: numbers that begin anew after it may be of another use. */
  seqNo: number;
  seqNoAt: number;
}

/**
 * Which session a reading belongs to: from memory, which hears of each session that this process takes over, or the projection.
 * Unknown while `session_started` is on its way. A reading that names no transaction belongs to what runs on its EVSE, from the start
 * of that on (docs/ocpp-notes.md rule 6); one that is older waits for the close, which goes by time alone.
 */
@Injectable()
export class SessionIndex {
  private readonly known = new LRUCache<string, Uses>({ max: MOST_REMEMBERED, ttl: KNOWN_KEPT_MS });
  private readonly unknown = new LRUCache<string, true>({ max: MOST_ASKED, ttl: ASK_AGAIN_MS });
  /** `null`: nothing runs there. */
  private readonly running = new LRUCache<string, { readonly session: RunningSession | null }>({
    max: MOST_REMEMBERED,
    ttl: RUNNING_KEPT_MS,
  });

  /** Remembers the session of a transaction once `tx`, which stores it, is committed. */
  learn(
    tx: Tx,
    session: Pick<MeteredSession, 'tenant' | 'stationId' | 'ownRef' | 'evseNumber'> & PlacedSession,
  ): void {
    const key = transactionKey(session.tenant, session.stationId, session.transactionRef);
    tx.afterCommit(() => {
      const known = this.known.get(key);
      // Of an id that was used again the next reading looks for all.
      if (session.ownRef !== undefined) this.known.delete(key);
      else if (!known) this.known.set(key, usesOf([owner(session)]));
      else if (known.owners.length === 1)
        if (known.owners[0]!.sessionId === session.sessionId) known.owners = [owner(session)];
        else this.known.delete(key);
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
      const uses = this.known.get(key);
      if (uses) found.set(row, ownerAt(uses, row.measuredAt));
      if ((!uses || beginsAnew(uses, row)) && !this.unknown.has(key)) missing.push(row);
    }
    await Promise.all([this.lookUp(tx, missing), this.lookAt(tx, nameless)]);
    for (const row of missing) {
      const uses = this.known.get(keyOf(row));
      if (uses) found.set(row, ownerAt(uses, row.measuredAt));
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
      const owners = found.get(key);
      const uses = this.known.get(key);
      // Told anew with as few as before: the session that it begins is still on its way.
      if (!owners || owners.at(-1)!.sessionId === uses?.owners.at(-1)!.sessionId) this.unknown.set(key, true);
      else this.known.set(key, usesOf(owners));
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

function owner({ sessionId, locationId, evseId, transactionRef, startedAt }: ReadingOwner): ReadingOwner {
  return { sessionId, locationId, evseId, transactionRef, startedAt };
}

function usesOf(owners: readonly ReadingOwner[]): Uses {
  return { owners, seqNo: -1, seqNoAt: -Infinity };
}

function ownerAt({ owners }: Uses, at: Date): ReadingOwner {
  return owners.length === 1
    ? owners[0]!
    : (owners.findLast(({ startedAt }) => startedAt <= at) ?? owners[0]!);
}

/** A lower number that was measured later. */
function beginsAnew(uses: Uses, { seqNo, measuredAt }: ReadingRow): boolean {
  if (seqNo === undefined) return false;
  const at = measuredAt.getTime();
  if (seqNo < uses.seqNo) return at > uses.seqNoAt;
  uses.seqNo = seqNo;
  uses.seqNoAt = at;
  return false;
}

function keyOf(row: ReadingRow): string {
  return transactionKey(row.tenant, row.stationId, row.transactionRef);
}

function placeKey({ tenant, stationId, evseNumber }: EvsePlace): string {
  return `${tenant}|${stationId}|${evseNumber}`;
}
