import { Injectable } from '@nestjs/common';
import type { Connector } from '../domain/connector.js';
import type { Orphan } from '../domain/orphan.js';
import type { Session } from '../domain/session.js';
import { rowOf, type SessionPlace, type SessionRow } from './session-row.js';
import type { StationContext } from './station-context.js';
import type { WritePart, WriteStatement } from './statement.js';

export interface PlacedSession {
  readonly session: Session;
  readonly place: SessionPlace;
}

export interface StatusHistoryEntry {
  readonly stationId: string;
  readonly evseNumber: number;
  readonly connectorNumber: number;
  readonly at: Date;
  readonly status: string;
  readonly errorCode: string;
  readonly receivedAt: Date;
}

const SEEN_EVERY_MS = 60_000;

const COLUMNS = {
  tenant: 'text',
  id: 'uuid',
  station_id: 'uuid',
  transaction_ref: 'text',
  station_ref: 'text',
  start_key: 'text',
  protocol: 'text',
  started_at: 'timestamptz',
  offline: 'boolean',
  clock_offset_seconds: 'integer',
};
/** What messages after the first may change. */
const MUTABLE = {
  location_id: 'uuid',
  connector_id: 'uuid',
  evse_number: 'integer',
  connector_number: 'integer',
  charging_state: 'text',
  ended_at: 'timestamptz',
  stop_reason: 'text',
  end_inferred: 'boolean',
  authorised: 'boolean',
  token_hash: 'text',
  token_id: 'text',
  account_id: 'text',
  payer: 'jsonb',
  marks: 'jsonb',
  seq_nos: 'jsonb',
  seq_gaps: 'integer',
  version: 'integer',
  last_updated: 'timestamptz',
};

const SESSIONS = inserted<SessionRow>(
  'sessions',
  'session',
  { ...COLUMNS, ...MUTABLE },
  `ON CONFLICT ON CONSTRAINT session_pk DO UPDATE SET ${Object.keys(MUTABLE)
    .map((column) => `${column} = excluded.${column}`)
    .join(', ')}`,
);
const STATUSES = inserted('statuses', 'connector_status', {
  tenant: 'text',
  station_id: 'uuid',
  evse_number: 'integer',
  connector_number: 'integer',
  at: 'timestamptz',
  status: 'text',
  error_code: 'text',
  received_at: 'timestamptz',
});
const CONNECTORS = updated('connectors', 'connector', {
  reported: 'text',
  status: 'text',
  status_since: 'timestamptz',
  shown_at: 'timestamptz',
  session_ended: 'boolean',
  error_code: 'text',
  vendor_error_code: 'text',
  info: 'text',
  version: 'integer',
  last_updated: 'timestamptz',
});
const SHOWN = updated('shown', 'connector', { shown_at: 'timestamptz' });
const SEEN = updated('seen', 'station', { last_seen_at: 'timestamptz' });
const ADOPTED = updated('adopted', 'orphan_message', { adopted_by: 'uuid' });
const CONSUMED = updated('consumed', 'remote_start', { consumed_by: 'uuid' }, 'AND held.consumed_by IS NULL');

/** Postgres' type of each column. */
type Types<Column extends string> = Readonly<Record<Column, string>>;

function inserted<Row extends object>(
  name: string,
  table: string,
  types: Types<Extract<keyof Row, string>>,
  onConflict = 'ON CONFLICT DO NOTHING',
): WritePart<Row> {
  const into = `${table} (${Object.keys(types).join(', ')})`;
  const rowsAs = recordset(types);
  return { name, sql: (rows) => `INSERT INTO ${into} SELECT * FROM ${rowsAs(rows)} ${onConflict}` };
}

/** Rows of ids; one that is not there, or does not meet `only`, stays away. */
function updated<Column extends string>(
  name: string,
  table: string,
  types: Types<Column>,
  only = '',
): WritePart<Record<'tenant' | 'id' | Column, unknown>> {
  const columns = Object.keys(types).map((column) => `${column} = n.${column}`);
  const rowsAs = recordset({ tenant: 'text', id: 'uuid', ...types });
  return {
    name,
    sql: (rows) => `UPDATE ${table} held SET ${columns.join(', ')} FROM ${rowsAs(rows)}
      WHERE held.tenant = n.tenant AND held.id = n.id ${only}`,
  };
}

/** Rows `n` with these columns, of a JSON array. */
function recordset(types: Types<string>): (rows: string) => string {
  const columns = Object.entries(types).map(([column, type]) => `${column} ${type}`);
  return (rows) => `json_to_recordset(${rows}) AS n (${columns.join(', ')})`;
}

/** Writes of the hot path, as parts of one statement. */
@Injectable()
export class SessionRepository {
  saveSessions(write: WriteStatement, tenant: string, sessions: readonly PlacedSession[], now: Date): void {
    write.add(
      SESSIONS,
      sessions.map(({ session, place }) => rowOf(tenant, session, place, now)),
    );
  }

  saveConnector(write: WriteStatement, tenant: string, connector: Connector, now: Date): void {
    write.add(CONNECTORS, [
      {
        tenant,
        id: connector.connectorId,
        reported: connector.reported,
        status: connector.status,
        status_since: connector.statusSince ?? null,
        shown_at: connector.shownAt ?? null,
        session_ended: connector.sessionEnded,
        error_code: connector.errorCode,
        vendor_error_code: connector.vendorErrorCode,
        info: connector.info,
        version: connector.version,
        last_updated: now,
      },
    ]);
  }

  /** Only the time it was last spoken of. */
  touchConnector(write: WriteStatement, tenant: string, connectorId: string, shownAt: Date): void {
    write.add(SHOWN, [{ tenant, id: connectorId, shown_at: shownAt }]);
  }

  /** At most once a minute per station: "seen" is no reason to write with each message. */
  touchStation(write: WriteStatement, tenant: string, station: StationContext, now: Date): void {
    if (station.lastSeenAt && now.getTime() - station.lastSeenAt.getTime() < SEEN_EVERY_MS) return;
    write.add(SEEN, [{ tenant, id: station.stationId, last_seen_at: now }]);
  }

  adoptOrphans(write: WriteStatement, tenant: string, orphans: readonly Orphan[], sessionId: string): void {
    write.add(
      ADOPTED,
      orphans.map(({ id }) => ({ tenant, id, adopted_by: sessionId })),
    );
  }

  consumeRemoteStart(write: WriteStatement, tenant: string, remoteStartRef: string, sessionId: string): void {
    write.add(CONSUMED, [{ tenant, id: remoteStartRef, consumed_by: sessionId }]);
  }

  addStatusHistory(write: WriteStatement, tenant: string, entry: StatusHistoryEntry): void {
    write.add(STATUSES, [
      {
        tenant,
        station_id: entry.stationId,
        evse_number: entry.evseNumber,
        connector_number: entry.connectorNumber,
        at: entry.at,
        status: entry.status,
        error_code: entry.errorCode,
        received_at: entry.receivedAt,
      },
    ]);
  }
}
