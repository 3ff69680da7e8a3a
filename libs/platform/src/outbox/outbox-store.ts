import pg from 'pg';
import { schemaName } from '../db/names.js';
import { pgArray } from '../db/pg-array.js';
import { TENANT_SETTING } from '../db/scope.js';
import type { WaitingEvent } from '../nats/event-message.js';
import { RETENTION_DAYS } from '../nats/streams.js';

interface OutboxRow {
  readonly event_id: string;
  readonly subject: string;
  readonly payload: Uint8Array;
  readonly traceparent: string | null;
}

export interface StreamState {
  readonly created: string;
  readonly lastSeq: number;
}

const REFILL_BATCH = 5_000;
const CLEANUP_BATCH = 5_000;
const CLEANUP_PAGES = 200;
// Longer than outbox and stream keep an event, so that no repetition finds its id forgotten.
const INBOX_DAYS = RETENTION_DAYS + 7;
/**
 * What the relay reads is always a few rows of an index in its order. Before a table has statistics the planner may think otherwise,
 * and a bitmap scan walks over all that was published since the last vacuum, round after round.
 */
const BY_INDEX = ['enable_seqscan=off', 'enable_bitmapscan=off'];
/** The few statements of the relay find rows by their key, whatever the values: planning each stamp costs twice what stamping does. */
const PLANNED_ONCE = 'plan_cache_mode=force_generic_plan';

/**
 * The relay's own connection. It holds the lock and does the relay's reading and stamping, so whoever lost the lock with its
 * connection cannot stamp either.
 */
export class OutboxStore {
  private constructor(
    private readonly client: pg.Client,
    private readonly schema: string,
  ) {}

  static async open(url: string, service: string): Promise<OutboxStore> {
    const schema = schemaName(service);
    const client = new pg.Client({
      connectionString: url,
      // A stamp lost in a crash is an event published twice, which the inboxes drop: no need to wait for the disk.
      options: [
        `search_path=${schema}`,
        `${TENANT_SETTING}=*`,
        'synchronous_commit=off',
        PLANNED_ONCE,
        ...BY_INDEX,
      ]
        .map((setting) => `-c ${setting}`)
        .join(' '),
      application_name: `kilowatch-${service}-relay`,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 30_000,
      lock_timeout: 5_000,
      keepAlive: true,
    });
    // Without a listener a lost connection would end the process; the next query fails and tells the relay.
    client.on('error', () => {});
    await client.connect();
    return new OutboxStore(client, schema);
  }

  /** The lock of the relay; with it goes the sign that its owner reads rows of several events. */
  async tryLock(): Promise<boolean> {
    if (!(await this.tryAdvisoryLock(`kilowatch.relay.${this.schema}`))) return false;
    await this.tryAdvisoryLock(this.bundleSign);
    return true;
  }

  /** Whether the process that has the lock reads rows of several events: one of a release before does not, nor does nobody. */
  async leaderReadsBundles(): Promise<boolean> {
    // The two halves of the key of an advisory lock, as pg_locks shows them.
    const result = await this.client.query<{ held: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_locks, hashtextextended($1, 3) AS key WHERE locktype = 'advisory' AND granted AND objsubid = 1
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND classid::bigint = (key >> 32) & 4294967295 AND objid::bigint = key & 4294967295) AS held`,
      [this.bundleSign],
    );
    return result.rows[0]?.held === true;
  }

  private get bundleSign(): string {
    return `kilowatch.relay.bundles.${this.schema}`;
  }

  private async tryAdvisoryLock(name: string): Promise<boolean> {
    const result = await this.client.query<{ locked: boolean }>(
      'SELECT pg_try_advisory_lock(hashtextextended($1, 3)) AS locked',
      [name],
    );
    return result.rows[0]?.locked === true;
  }

  async unpublished(limit: number): Promise<WaitingEvent[]> {
    const result = await this.client.query<OutboxRow>({
      name: `unpublished_${limit}`,
      text: `SELECT event_id, subject, payload, traceparent FROM outbox
       WHERE published_at IS NULL ORDER BY seq LIMIT ${limit}`,
    });
    return result.rows.map(({ event_id: eventId, subject, payload, traceparent }) => ({
      eventId,
      subject,
      payload,
      traceparent: traceparent ?? undefined,
    }));
  }

  async stamp(eventIds: readonly string[], stream: string, lastSeq: number): Promise<void> {
    await this.client.query({
      name: 'stamp',
      text: `WITH stamped AS (UPDATE outbox SET published_at = now() WHERE event_id = ANY($1::uuid[]))
       UPDATE stream_state SET last_seq = greatest(last_seq, $2) WHERE stream = $3`,
      values: [pgArray.uuid(eventIds), lastSeq, stream],
    });
  }

  async streamState(stream: string): Promise<StreamState | undefined> {
    const result = await this.client.query<{ created: string; last_seq: string }>(
      'SELECT created, last_seq FROM stream_state WHERE stream = $1',
      [stream],
    );
    const [row] = result.rows;
    return row && { created: row.created, lastSeq: Number(row.last_seq) };
  }

  async saveStreamState(stream: string, state: StreamState): Promise<void> {
    await this.client.query(
      `INSERT INTO stream_state (stream, created, last_seq) VALUES ($1, $2, $3)
       ON CONFLICT ON CONSTRAINT stream_state_pk DO UPDATE SET created = excluded.created, last_seq = excluded.last_seq`,
      [stream, state.created, state.lastSeq],
    );
  }

  /** Makes everything the stream should hold unpublished again; returns how many. Repeatable from the beginning. */
  async unstampAll(): Promise<number> {
    let total = 0;
    for (let after = '0'; ;) {
      const result = await this.client.query<{ last: string | null; changed: string }>(
        `WITH page AS (
           SELECT seq FROM outbox WHERE seq > $1 AND published_at IS NOT NULL
             AND created_at > now() - make_interval(days => ${RETENTION_DAYS})
           ORDER BY seq LIMIT ${REFILL_BATCH}
         ), changed AS (UPDATE outbox SET published_at = NULL FROM page WHERE outbox.seq = page.seq RETURNING outbox.seq)
         SELECT max(seq) AS last, count(*) AS changed FROM changed`,
        [after],
      );
      const [row] = result.rows;
      if (row?.last == null) return total;
      total += Number(row.changed);
      after = row.last;
    }
  }

  async backlog(): Promise<{ pending: number; oldestSeconds: number }> {
    const result = await this.client.query<{ pending: string; oldest: string }>(
      `SELECT count(*) AS pending, coalesce(extract(epoch FROM now() - min(created_at)), 0) AS oldest
       FROM (SELECT created_at FROM outbox WHERE published_at IS NULL ORDER BY seq LIMIT 100000) AS waiting`,
    );
    const [row] = result.rows;
    return { pending: Number(row?.pending ?? 0), oldestSeconds: Number(row?.oldest ?? 0) };
  }

  /** Deletes what nobody can need any more, a bounded number of rows at a time. */
  async cleanUp(): Promise<void> {
    for (let page = 0; page < CLEANUP_PAGES; page++) {
      const deleted = await this.client.query(
        `DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox ORDER BY seq LIMIT ${CLEANUP_BATCH})
           AND published_at IS NOT NULL AND created_at < now() - make_interval(days => ${RETENTION_DAYS})`,
      );
      if ((deleted.rowCount ?? 0) < CLEANUP_BATCH) break;
    }
    // By its BRIN index, which only a bitmap scan can use.
    await this.client.query('SET enable_bitmapscan = on');
    await this.client.query(
      `DELETE FROM inbox WHERE received_at < now() - make_interval(days => ${INBOX_DAYS})`,
    );
    await this.client.query('RESET enable_bitmapscan');
    await this.client.query(`DELETE FROM idempotency WHERE created_at < now() - interval '24 hours'`);
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}
