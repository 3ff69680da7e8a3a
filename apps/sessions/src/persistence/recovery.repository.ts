import { Injectable } from '@nestjs/common';
import type { SortKey, Tx } from '@kilowatch/platform';
import {
  LONGEST_FAULT_MS,
  LONGEST_FINISHING_MS,
  PLUG_CYCLES,
  PLUG_WINDOW_MS,
  type StatusChange,
  type Trouble,
} from '../domain/connector-trouble.js';
import { reportedStatus, type ConnectorStatus } from '../domain/connector-status.js';
import { REST_MS, type ConnectorView, type RecoveryAttempt, type RecoveryState } from '../domain/recovery.js';
import type { Json } from './session-row.js';

export interface RecoveryRow {
  readonly tenant: string;
  readonly id: string;
  readonly station_id: string;
  readonly connector_id: string;
  readonly trouble: Trouble;
  readonly state: RecoveryState;
  readonly tries: readonly Json<RecoveryAttempt>[];
  readonly found_at: Date;
  readonly ended_at: Date | null;
  readonly lease: string;
}

export interface Suspect {
  readonly tenant: string;
  readonly stationId: string;
  readonly connectorId: string;
}

export interface PlacedConnector extends ConnectorView {
  readonly evseNumber: number;
  readonly number: number;
}

export interface RecoveryChange {
  readonly state: RecoveryState;
  readonly tries: readonly RecoveryAttempt[];
  readonly dueAt: Date | null;
  readonly endedAt: Date | null;
}

const COLUMNS = 'tenant, id, station_id, connector_id, trouble, state, tries, found_at, ended_at, lease';

/** What a plug that comes and goes shows, in the words of both versions. */
const UNPLUGGED = "lower(h.status) = 'available'";

/** The last session of the connector's EVSE is open, or was since then. */
const busy = (since: string) => `coalesce((SELECT s.ended_at IS NULL OR s.ended_at > ${since} FROM session s
  WHERE s.tenant = c.tenant AND s.station_id = c.station_id AND s.evse_number = c.evse_number
  ORDER BY s.started_at DESC LIMIT 1), false)`;

@Injectable()
export class RecoveryRepository {
  /** Connectors that look like trouble and are neither being helped nor at rest; the domain says whether they are. All tenants. */
  async suspects(tx: Tx, now: Date, limit: number): Promise<Suspect[]> {
    const before = (ms: number) => new Date(now.getTime() - ms);
    const rows = await tx.query<{ tenant: string; station_id: string; id: string }>(
      `SELECT c.tenant, c.station_id, c.id FROM connector c
         JOIN station st ON st.tenant = c.tenant AND st.id = c.station_id AND st.online
       WHERE (c.status = 'FAULTED' AND c.status_since <= $1 OR c.status = 'FINISHING' AND c.status_since <= $2
           OR c.status_since >= $3 AND $4 <= (SELECT count(*) FROM connector_status h WHERE h.tenant = c.tenant
             AND h.station_id = c.station_id AND h.evse_number = c.evse_number AND h.connector_number = c.number
             AND h.at >= $3 AND ${UNPLUGGED}))
         AND NOT ${busy('$3')}
         AND NOT EXISTS (SELECT 1 FROM connector_recovery r WHERE r.tenant = c.tenant AND r.connector_id = c.id
           AND (r.ended_at IS NULL OR r.ended_at > $5))
       ORDER BY c.id LIMIT $6 FOR UPDATE OF c SKIP LOCKED`,
      [
        before(LONGEST_FAULT_MS),
        before(LONGEST_FINISHING_MS),
        before(PLUG_WINDOW_MS),
        PLUG_CYCLES,
        before(REST_MS),
        limit,
      ],
    );
    return rows.map((row) => ({ tenant: row.tenant, stationId: row.station_id, connectorId: row.id }));
  }

  /** Undefined: nobody has it any more. */
  async connector(
    tx: Tx,
    tenant: string,
    connectorId: string,
    now: Date,
  ): Promise<PlacedConnector | undefined> {
    const since = new Date(now.getTime() - PLUG_WINDOW_MS);
    const [row] = await tx.query<{
      evse_number: number;
      number: number;
      status: ConnectorStatus;
      status_since: Date | null;
      online: boolean;
      in_service: boolean;
      busy: boolean;
      history: { at: string; status: string }[] | null;
    }>(
      `SELECT c.evse_number, c.number, c.status, c.status_since, st.online,
         NOT EXISTS (SELECT 1 FROM wanted_availability w WHERE w.tenant = c.tenant AND w.station_id = c.station_id
           AND NOT w.operative AND (w.evse_number = 0 OR (w.evse_number = c.evse_number
             AND w.connector_number IN (0, c.number)))) AS in_service,
         ${busy('$3')} AS busy,
         (SELECT jsonb_agg(jsonb_build_object('at', h.at, 'status', h.status) ORDER BY h.at) FROM connector_status h
           WHERE h.tenant = c.tenant AND h.station_id = c.station_id AND h.evse_number = c.evse_number
             AND h.connector_number = c.number AND h.at >= $3) AS history
       FROM connector c JOIN station st ON st.tenant = c.tenant AND st.id = c.station_id
       WHERE c.tenant = $1 AND c.id = $2`,
      [tenant, connectorId, since],
    );
    if (!row) return undefined;
    return {
      evseNumber: row.evse_number,
      number: row.number,
      online: row.online,
      inService: row.in_service,
      busy: row.busy,
      changes: changesOf(row.history ?? [], row.status, row.status_since),
    };
  }

  /** False when it is being helped already. */
  async open(
    tx: Tx,
    row: { tenant: string; id: string; stationId: string; connectorId: string },
    { trouble, state, at }: { trouble: string; state: RecoveryState; at: Date },
  ): Promise<boolean> {
    const ended = state === 'TRYING' ? null : at;
    const rows = await tx.query(
      `INSERT INTO connector_recovery (tenant, id, station_id, connector_id, trouble, state, tries, found_at, ended_at,
         due_at, lease) VALUES ($1, $2, $3, $4, $5, $6, '[]', $7, $8, $9, 0) ON CONFLICT DO NOTHING RETURNING id`,
      [row.tenant, row.id, row.stationId, row.connectorId, trouble, state, at, ended, ended ? null : at],
    );
    return rows.length === 1;
  }

  takeDue(tx: Tx, now: Date, limit: number): Promise<RecoveryRow[]> {
    return tx.query<RecoveryRow>(
      `SELECT ${COLUMNS}
       FROM connector_recovery WHERE due_at <= $1 ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED`,
      [now, limit],
    );
  }

  /** Of one lease only: what another run did in the meantime stands. */
  async save(
    tx: Tx,
    { tenant, id, lease }: Pick<RecoveryRow, 'tenant' | 'id' | 'lease'>,
    change: RecoveryChange,
  ): Promise<void> {
    await tx.query(
      `UPDATE connector_recovery SET state = $4, tries = $5, due_at = $6, ended_at = $7, lease = lease + 1
       WHERE tenant = $1 AND id = $2 AND lease = $3`,
      [tenant, id, lease, change.state, JSON.stringify(change.tries), change.dueAt, change.endedAt],
    );
  }

  async postpone(tx: Tx, { tenant, id }: Pick<RecoveryRow, 'tenant' | 'id'>, dueAt: Date): Promise<void> {
    await tx.query('UPDATE connector_recovery SET due_at = $3 WHERE tenant = $1 AND id = $2', [
      tenant,
      id,
      dueAt,
    ]);
  }

  /** Those of the tenant that need a person now. Latest first. */
  stuck(tx: Tx, tenant: string, page: { limit: number; after: SortKey | undefined }): Promise<RecoveryRow[]> {
    const [foundAt, id] = page.after ?? [];
    return tx.query<RecoveryRow>(
      `SELECT ${COLUMNS}
       FROM connector_recovery WHERE tenant = $1 AND state = 'PERSON' AND ended_at IS NULL
         AND ($2::timestamptz IS NULL OR (found_at, id) < ($2::timestamptz, $3::uuid))
       ORDER BY found_at DESC, id DESC LIMIT $4`,
      [tenant, foundAt ?? null, id ?? null, page.limit],
    );
  }

  /** Latest first. */
  list(
    tx: Tx,
    tenant: string,
    stationId: string,
    page: { limit: number; after: SortKey | undefined },
  ): Promise<RecoveryRow[]> {
    const [foundAt, id] = page.after ?? [];
    return tx.query<RecoveryRow>(
      `SELECT ${COLUMNS}
       FROM connector_recovery WHERE tenant = $1 AND station_id = $2 AND trouble <> ''
         AND ($3::timestamptz IS NULL OR (found_at, id) < ($3::timestamptz, $4::uuid))
       ORDER BY found_at DESC, id DESC LIMIT $5`,
      [tenant, stationId, foundAt ?? null, id ?? null, page.limit],
    );
  }
}

export function triesOf({ tries }: RecoveryRow): RecoveryAttempt[] {
  return tries.map((attempt) => ({ ...attempt, at: new Date(attempt.at) }));
}

/** What it shows now, since then; before that what it said. */
function changesOf(
  history: readonly { at: string; status: string }[],
  status: ConnectorStatus,
  since: Date | null,
): StatusChange[] {
  const said = history.map(({ at, status: word }) => ({
    status: reportedStatus(word),
    at: new Date(at).getTime(),
  }));
  if (!since || (status !== 'FAULTED' && status !== 'FINISHING')) return said;
  return [...said.filter(({ at }) => at < since.getTime()), { status, at: since.getTime() }];
}
