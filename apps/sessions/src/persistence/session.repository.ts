import { Injectable } from '@nestjs/common';
import type { Connector } from '../domain/connector.js';
import type { Orphan } from '../domain/orphan.js';
import type { Session } from '../domain/session.js';
import { rowOf, type SessionPlace } from './session-row.js';
import type { StationContext } from './station-context.js';
import type { WriteStatement } from './statement.js';

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

const MUTABLE = [
  'location_id',
  'connector_id',
  'evse_number',
  'connector_number',
  'charging_state',
  'ended_at',
  'stop_reason',
  'end_inferred',
  'authorised',
  'token_hash',
  'token_id',
  'account_id',
  'payer',
  'marks',
  'seq_nos',
  'seq_gaps',
  'version',
  'last_updated',
];
const SET_MUTABLE = MUTABLE.map((column) => `${column} = excluded.${column}`).join(', ');

/** Writes of the hot path, as parts of one statement. */
@Injectable()
export class SessionRepository {
  saveSessions(write: WriteStatement, tenant: string, sessions: readonly PlacedSession[], now: Date): void {
    if (sessions.length === 0) return;
    const rows = sessions.map(({ session, place }) => rowOf(tenant, session, place, now));
    write.add(
      (json) => `INSERT INTO session SELECT * FROM jsonb_populate_recordset(NULL::session, ${json}::jsonb)
        ON CONFLICT ON CONSTRAINT session_pk DO UPDATE SET ${SET_MUTABLE}`,
      [JSON.stringify(rows)],
    );
  }

  saveConnector(write: WriteStatement, tenant: string, connector: Connector, now: Date): void {
    write.add(
      (t, id, reported, status, since, shownAt, ended, error, vendorError, info, version, updated) =>
        `UPDATE connector SET reported = ${reported}, status = ${status}, status_since = ${since},
           shown_at = ${shownAt}, session_ended = ${ended}, error_code = ${error},
           vendor_error_code = ${vendorError}, info = ${info}, version = ${version}, last_updated = ${updated}
         WHERE tenant = ${t} AND id = ${id}`,
      [
        tenant,
        connector.connectorId,
        connector.reported,
        connector.status,
        connector.statusSince ?? null,
        connector.shownAt ?? null,
        connector.sessionEnded,
        connector.errorCode,
        connector.vendorErrorCode,
        connector.info,
        connector.version,
        now,
      ],
    );
  }

  /** Only the time it was last spoken of. */
  touchConnector(write: WriteStatement, tenant: string, connectorId: string, shownAt: Date): void {
    write.add(
      (t, id, at) => `UPDATE connector SET shown_at = ${at} WHERE tenant = ${t} AND id = ${id}`,
      [tenant, connectorId, shownAt],
    );
  }

  /** At most once a minute per station: "seen" is no reason to write with each message. */
  touchStation(write: WriteStatement, tenant: string, station: StationContext, now: Date): void {
    if (station.lastSeenAt && now.getTime() - station.lastSeenAt.getTime() < SEEN_EVERY_MS) return;
    write.add(
      (t, id, at) => `UPDATE station SET last_seen_at = ${at} WHERE tenant = ${t} AND id = ${id}`,
      [tenant, station.stationId, now],
    );
  }

  adoptOrphans(write: WriteStatement, tenant: string, orphans: readonly Orphan[], sessionId: string): void {
    if (orphans.length === 0) return;
    write.add(
      (t, ids, session) =>
        `UPDATE orphan_message SET adopted_by = ${session} WHERE tenant = ${t} AND id = ANY (${ids}::uuid[])`,
      [tenant, orphans.map((orphan) => orphan.id), sessionId],
    );
  }

  consumeRemoteStart(write: WriteStatement, tenant: string, remoteStartRef: string, sessionId: string): void {
    write.add(
      (t, id, session) =>
        `UPDATE remote_start SET consumed_by = ${session} WHERE tenant = ${t} AND id = ${id} AND consumed_by IS NULL`,
      [tenant, remoteStartRef, sessionId],
    );
  }

  addStatusHistory(write: WriteStatement, tenant: string, entry: StatusHistoryEntry): void {
    write.add(
      (...v) => `INSERT INTO connector_status (tenant, station_id, evse_number, connector_number, at, status,
          error_code, received_at) VALUES (${v.join(', ')}) ON CONFLICT DO NOTHING`,
      [
        tenant,
        entry.stationId,
        entry.evseNumber,
        entry.connectorNumber,
        entry.at,
        entry.status,
        entry.errorCode,
        entry.receivedAt,
      ],
    );
  }
}
