import { storableText } from '@kilowatch/kernel';
import type { Tx } from '@kilowatch/platform';

/** Messages of one station that left the specification in one way, within the time that is told. */
export interface DeviationCount {
  readonly tenant: string;
  readonly stationId: string;
  readonly kind: string;
  readonly messages: number;
  /** Of the last of them: where in it. */
  readonly path: string;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

/** Names of properties are the charger's own. */
const MAX_PATH = 200;

/** One row a station and kind, and the kinds are few: what a charger does wrong for years is one row that grows. */
export class StationDeviationRepository {
  /** System scope. In the order of the key, so that two processes lock in one order. */
  async add(tx: Tx, counts: readonly DeviationCount[]): Promise<void> {
    await tx.query(
      `INSERT INTO station_deviation AS held (tenant, station_id, kind, messages, path, first_at, last_at)
       SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::timestamptz[], $7::timestamptz[])
         AS seen (tenant, station_id, kind, messages, path, first_at, last_at)
       ORDER BY tenant, station_id, kind
       ON CONFLICT ON CONSTRAINT station_deviation_pk DO UPDATE SET
         messages = held.messages + excluded.messages,
         path = CASE WHEN excluded.last_at >= held.last_at THEN excluded.path ELSE held.path END,
         first_at = least(held.first_at, excluded.first_at), last_at = greatest(held.last_at, excluded.last_at)`,
      [
        counts.map(({ tenant }) => tenant),
        counts.map(({ stationId }) => stationId),
        counts.map(({ kind }) => kind),
        counts.map(({ messages }) => messages),
        counts.map(({ path }) => storableText(path).slice(0, MAX_PATH)),
        counts.map(({ firstAt }) => firstAt),
        counts.map(({ lastAt }) => lastAt),
      ],
    );
  }

  /** Most frequent first. */
  async of(tx: Tx, tenant: string, stationIds: readonly string[]): Promise<DeviationCount[]> {
    const rows = await tx.query<Row>(
      `SELECT tenant, station_id, kind, messages, path, first_at, last_at FROM station_deviation
       WHERE tenant = $1 AND station_id = ANY ($2::uuid[]) ORDER BY messages DESC, kind`,
      [tenant, stationIds],
    );
    return rows.map((row) => ({
      tenant: row.tenant,
      stationId: row.station_id,
      kind: row.kind,
      messages: Number(row.messages),
      path: row.path,
      firstAt: row.first_at,
      lastAt: row.last_at,
    }));
  }

  /** Those not seen since `before`, of all tenants. */
  forget(tx: Tx, before: Date, limit: number): Promise<{ tenant: string }[]> {
    return tx.query<{ tenant: string }>(
      `DELETE FROM station_deviation WHERE (tenant, station_id, kind) IN (
         SELECT tenant, station_id, kind FROM station_deviation WHERE last_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING tenant`,
      [before, limit],
    );
  }
}

interface Row {
  tenant: string;
  station_id: string;
  kind: string;
  messages: string;
  path: string;
  first_at: Date;
  last_at: Date;
}
