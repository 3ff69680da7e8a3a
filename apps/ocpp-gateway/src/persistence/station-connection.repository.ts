import type { Tx } from '@kilowatch/platform';
import type { Taken } from '../domain/ownership.js';

export interface NewConnection {
  readonly tenant: string;
  readonly stationId: string;
  readonly connectionId: string;
  readonly pod: string;
  /** Of this process: tells its connections from those of an earlier process of the same pod. */
  readonly bootId: string;
  readonly protocol: string;
  readonly remoteIp: string;
  readonly now: Date;
}

export interface ConnectionKey {
  readonly tenant: string;
  readonly stationId: string;
  readonly connectionId: string;
  readonly generation: number;
}

export interface LiveConnection {
  readonly connectionId: string;
  readonly protocol: string;
  readonly online: boolean;
}

export interface ConnectionState {
  readonly stationId: string;
  readonly protocol: string;
  readonly remoteIp: string;
  readonly since: Date;
  readonly lastSeenAt: Date;
  readonly disconnectedAt: Date | null;
  readonly generation: number;
  readonly pod: string;
}

export interface LostSearch {
  readonly now: Date;
  readonly silentSince: Date;
  readonly pod: string;
  readonly bootId: string;
  readonly ownSilentSince: Date;
  readonly limit: number;
}

const CLAIM = `INSERT INTO station_connection AS held
    (tenant, station_id, connection_id, generation, pod, boot_id, protocol, remote_ip, since, last_seen_at)
  VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $8)
  ON CONFLICT ON CONSTRAINT station_connection_pk DO UPDATE SET
    connection_id = excluded.connection_id, generation = held.generation + 1, pod = excluded.pod,
    boot_id = excluded.boot_id, protocol = excluded.protocol, remote_ip = excluded.remote_ip,
    since = excluded.since, last_seen_at = excluded.last_seen_at, held_at = NULL, disconnected_at = NULL,
    previous_connection_id = CASE WHEN held.disconnected_at IS NULL THEN held.connection_id END,
    previous_boot_id = CASE WHEN held.disconnected_at IS NULL THEN held.boot_id END,
    previous_remote_ip = CASE WHEN held.disconnected_at IS NULL THEN held.remote_ip END
  RETURNING generation, previous_connection_id, previous_boot_id, previous_remote_ip`;

const RELEASE = `UPDATE station_connection SET disconnected_at = $5
  WHERE tenant = $1 AND station_id = $2 AND connection_id = $3 AND generation = $4 AND disconnected_at IS NULL
  RETURNING 1`;

const TOUCH = `UPDATE station_connection AS held SET last_seen_at = greatest(held.last_seen_at, seen.at), held_at = $5
  FROM unnest($1::text[], $2::uuid[], $3::bigint[], $4::timestamptz[]) AS seen (tenant, station_id, generation, at)
  WHERE held.tenant = seen.tenant AND held.station_id = seen.station_id AND held.generation = seen.generation
    AND held.disconnected_at IS NULL
  RETURNING held.connection_id`;

const MARK_LOST = `UPDATE station_connection SET disconnected_at = $1
  WHERE (tenant, station_id) IN (
    SELECT tenant, station_id FROM station_connection
    WHERE disconnected_at IS NULL AND (greatest(last_seen_at, held_at) < $2
      OR (pod = $3 AND boot_id <> $4 AND greatest(last_seen_at, held_at) < $5))
    ORDER BY tenant, station_id LIMIT $6 FOR UPDATE SKIP LOCKED)
  RETURNING tenant, station_id, connection_id, generation`;

interface KeyRow {
  tenant: string;
  station_id: string;
  connection_id: string;
  generation: string;
}

/** Who holds the socket of each station: one row a station, the generation grows with each connection. */
export class StationConnectionRepository {
  /** Takes the station over in one statement; concurrent takers get different generations. */
  async claim(tx: Tx, connection: NewConnection): Promise<Taken> {
    const { tenant, stationId, connectionId, pod, bootId, protocol, remoteIp, now } = connection;
    const rows = await tx.query<{
      generation: string;
      previous_connection_id: string | null;
      previous_boot_id: string | null;
      previous_remote_ip: string | null;
    }>(CLAIM, [tenant, stationId, connectionId, pod, bootId, protocol, remoteIp, now]);
    const row = rows[0]!;
    const { previous_connection_id: connectionBefore, previous_boot_id: bootBefore } = row;
    return {
      generation: Number(row.generation),
      previous:
        connectionBefore && bootBefore
          ? { connectionId: connectionBefore, bootId: bootBefore, remoteIp: row.previous_remote_ip ?? '' }
          : undefined,
    };
  }

  /** True when the connection still owned the station; false when a newer one does, or it was marked before. */
  async release(tx: Tx, key: ConnectionKey, now: Date): Promise<boolean> {
    const rows = await tx.query(RELEASE, [key.tenant, key.stationId, key.connectionId, key.generation, now]);
    return rows.length > 0;
  }

  /** Notes when each was last heard and that its process still holds it; returns the ids of those that still own their stations. System scope. */
  async touch(
    tx: Tx,
    seen: readonly (ConnectionKey & { readonly at: Date })[],
    now: Date,
  ): Promise<ReadonlySet<string>> {
    const rows = await tx.query<{ connection_id: string }>(TOUCH, [
      seen.map(({ tenant }) => tenant),
      seen.map(({ stationId }) => stationId),
      seen.map(({ generation }) => generation),
      seen.map(({ at }) => at),
      now,
    ]);
    return new Set(rows.map((row) => row.connection_id));
  }

  /**
   * Marks connections of which neither the charger nor a process that holds them was heard for too long; sooner those of an earlier
   * process of `pod`. System scope.
   */
  async markLost(tx: Tx, by: LostSearch): Promise<ConnectionKey[]> {
    const values = [by.now, by.silentSince, by.pod, by.bootId, by.ownSilentSince, by.limit];
    const rows = await tx.query<KeyRow>(MARK_LOST, values);
    return rows.map((row) => ({
      tenant: row.tenant,
      stationId: row.station_id,
      connectionId: row.connection_id,
      generation: Number(row.generation),
    }));
  }

  /** Undefined when the station never connected. */
  async find(tx: Tx, tenant: string, stationId: string): Promise<LiveConnection | undefined> {
    const [row] = await tx.query<{ connection_id: string; protocol: string; online: boolean }>(
      `SELECT connection_id, protocol, disconnected_at IS NULL AS online FROM station_connection
       WHERE tenant = $1 AND station_id = $2`,
      [tenant, stationId],
    );
    return row && { connectionId: row.connection_id, protocol: row.protocol, online: row.online };
  }

  /** The present or last connection of each. */
  async statesOf(tx: Tx, tenant: string, stationIds: readonly string[]): Promise<ConnectionState[]> {
    const rows = await tx.query<StateRow>(
      `SELECT station_id, protocol, remote_ip, since, last_seen_at, disconnected_at, generation, pod
       FROM station_connection WHERE tenant = $1 AND station_id = ANY ($2::uuid[])`,
      [tenant, stationIds],
    );
    return rows.map((row) => ({
      stationId: row.station_id,
      protocol: row.protocol,
      remoteIp: row.remote_ip,
      since: row.since,
      lastSeenAt: row.last_seen_at,
      disconnectedAt: row.disconnected_at,
      generation: Number(row.generation),
      pod: row.pod,
    }));
  }
}

interface StateRow {
  station_id: string;
  protocol: string;
  remote_ip: string;
  since: Date;
  last_seen_at: Date;
  disconnected_at: Date | null;
  generation: string;
  pod: string;
}
