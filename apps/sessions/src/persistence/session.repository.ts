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

const SESSIONS: WritePart<SessionRow> = {
  name: 'sessions',
  sql: (rows) => {
    const types = { ...COLUMNS, ...MUTABLE };
    return `INSERT INTO session (${Object.keys(types).join(', ')}) SELECT * FROM ${recordset(rows, types)}
      ON CONFLICT ON CONSTRAINT session_pk DO UPDATE SET ${Object.keys(MUTABLE)
        .map((column) => `${column} = excluded.${column}`)
        .join(', ')}`;
  },
};

const CONNECTOR_STATE = {
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
};
const CONNECTORS: WritePart<Record<'tenant' | 'id' | keyof typeof CONNECTOR_STATE, unknown>> = {
  name: 'connectors',
  sql: (rows) => `UPDATE connector c SET ${Object.keys(CONNECTOR_STATE)
    .map((column) => `${column} = n.${column}`)
    .join(', ')}
    FROM ${recordset(rows, { tenant: 'text', id: 'uuid', ...CONNECTOR_STATE })} WHERE c.tenant = n.tenant AND c.id = n.id`,
};

const SHOWN: WritePart<Record<'tenant' | 'id' | 'shown_at', unknown>> = {
  name: 'shown',
  sql: (rows) => `UPDATE connector c SET shown_at = n.shown_at
    FROM ${recordset(rows, { tenant: 'text', id: 'uuid', shown_at: 'timestamptz' })}
    WHERE c.tenant = n.tenant AND c.id = n.id`,
};

const SEEN: WritePart<Record<'tenant' | 'id' | 'last_seen_at', unknown>> = {
  name: 'seen',
  sql: (rows) => `UPDATE station st SET last_seen_at = n.last_seen_at
    FROM ${recordset(rows, { tenant: 'text', id: 'uuid', last_seen_at: 'timestamptz' })}
    WHERE st.tenant = n.tenant AND st.id = n.id`,
};

const ADOPTED: WritePart<Record<'tenant' | 'id' | 'adopted_by', string>> = {
  name: 'adopted',
  sql: (rows) => `UPDATE orphan_message o SET adopted_by = n.adopted_by
    FROM ${recordset(rows, { tenant: 'text', id: 'uuid', adopted_by: 'uuid' })}
    WHERE o.tenant = n.tenant AND o.id = n.id`,
};

const CONSUMED: WritePart<Record<'tenant' | 'id' | 'consumed_by', string>> = {
  name: 'consumed',
  sql: (rows) => `UPDATE remote_start r SET consumed_by = n.consumed_by
    FROM ${recordset(rows, { tenant: 'text', id: 'uuid', consumed_by: 'uuid' })}
    WHERE r.tenant = n.tenant AND r.id = n.id AND r.consumed_by IS NULL`,
};

const STATUS_COLUMNS = {
  tenant: 'text',
  station_id: 'uuid',
  evse_number: 'integer',
  connector_number: 'integer',
  at: 'timestamptz',
  status: 'text',
  error_code: 'text',
  received_at: 'timestamptz',
};
const STATUSES: WritePart<Record<keyof typeof STATUS_COLUMNS, unknown>> = {
  name: 'statuses',
  sql: (rows) => `INSERT INTO connector_status (${Object.keys(STATUS_COLUMNS).join(', ')})
    SELECT * FROM ${recordset(rows, STATUS_COLUMNS)} ON CONFLICT DO NOTHING`,
};

/** Rows `n` with these columns. */
function recordset(rows: string, types: Readonly<Record<string, string>>): string {
  const columns = Object.entries(types).map(([column, type]) => `${column} ${type}`);
  return `json_to_recordset(${rows}) AS n (${columns.join(', ')})`;
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
