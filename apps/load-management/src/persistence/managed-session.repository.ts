import { gathered, type Tx } from '@kilowatch/platform';
import type { Deciampere } from '../domain/plan.js';

/** Load management's own view of a session: enough to plan, to address its charger and to authorise who asks. */
export interface ManagedSession {
  readonly tenant: string;
  readonly sessionId: string;
  readonly locationId: string;
  readonly stationId: string;
  readonly evseNumber: number;
  readonly connectorNumber: number;
  readonly transactionRef: string;
  readonly accountId: string;
  readonly active: boolean;
  readonly chargingState: string;
  readonly startedAt: Date;
  /** undefined: unknown. */
  readonly capDa: Deciampere | undefined;
  readonly phases: number;
  readonly clockOffsetMs: number;
  readonly version: number;
}

interface Row {
  tenant: string;
  session_id: string;
  location_id: string;
  station_id: string;
  evse_number: number;
  connector_number: number;
  transaction_ref: string;
  account_id: string;
  active: boolean;
  charging_state: string;
  started_at: Date;
  cap_da: number | null;
  phases: number;
  clock_offset_ms: string;
  version: string;
}

const COLUMNS = `tenant, session_id, location_id, station_id, evse_number, connector_number, transaction_ref, account_id, active,
  charging_state, started_at, cap_da, phases, clock_offset_ms, version`;

/** True when this is news: not when a newer version is held. */
export const saveSession = gathered<ManagedSession, true>(
  ({ sessionId }) => sessionId,
  async (tx, _tenant, sessions) => {
    const rows = sessions.map((session) => ({
      tenant: session.tenant,
      session_id: session.sessionId,
      location_id: session.locationId,
      station_id: session.stationId,
      evse_number: session.evseNumber,
      connector_number: session.connectorNumber,
      transaction_ref: session.transactionRef,
      account_id: session.accountId,
      active: session.active,
      charging_state: session.chargingState,
      started_at: session.startedAt,
      cap_da: session.capDa,
      phases: session.phases,
      clock_offset_ms: session.clockOffsetMs,
      version: session.version,
    }));
    const news = await tx.query<{ session_id: string }>(
      `insert into managed_session as held (${COLUMNS})
        select ${COLUMNS} from json_populate_recordset(null::managed_session, $1::json)
        on conflict on constraint managed_session_pk do update set evse_number = excluded.evse_number,
          connector_number = excluded.connector_number, account_id = excluded.account_id, active = excluded.active,
          charging_state = excluded.charging_state, started_at = excluded.started_at, cap_da = excluded.cap_da,
          phases = excluded.phases, clock_offset_ms = excluded.clock_offset_ms, version = excluded.version
        where held.version < excluded.version
        returning session_id`,
      [JSON.stringify(rows)],
    );
    return new Map(news.map((row) => [row.session_id, true]));
  },
);

export async function activeSessions(tx: Tx, tenant: string, locationId: string): Promise<ManagedSession[]> {
  const rows = await tx.query<Row>(
    'select * from managed_session where tenant = $1 and location_id = $2 and active',
    [tenant, locationId],
  );
  return rows.map(toSession);
}

/** The session that runs at an EVSE: the latest, should an end not be known yet. */
export async function activeAt(
  tx: Tx,
  tenant: string,
  stationId: string,
  evseNumber: number,
): Promise<ManagedSession | undefined> {
  const rows = await tx.query<Row>(
    `select m.* from managed_session m join station s on s.tenant = m.tenant and s.station_id = m.station_id
        and s.location_id = m.location_id
      where m.tenant = $1 and m.station_id = $2 and m.evse_number = $3 and m.active order by m.started_at desc limit 1`,
    [tenant, stationId, evseNumber],
  );
  return rows[0] && toSession(rows[0]);
}

export async function findSessions(
  tx: Tx,
  tenant: string,
  sessionIds: readonly string[],
): Promise<ManagedSession[]> {
  const rows = await tx.query<Row>(
    'select * from managed_session where tenant = $1 and session_id = any($2::uuid[])',
    [tenant, sessionIds],
  );
  return rows.map(toSession);
}

function toSession(row: Row): ManagedSession {
  return {
    tenant: row.tenant,
    sessionId: row.session_id,
    locationId: row.location_id,
    stationId: row.station_id,
    evseNumber: row.evse_number,
    connectorNumber: row.connector_number,
    transactionRef: row.transaction_ref,
    accountId: row.account_id,
    active: row.active,
    chargingState: row.charging_state,
    startedAt: row.started_at,
    capDa: row.cap_da ?? undefined,
    phases: row.phases,
    clockOffsetMs: Number(row.clock_offset_ms),
    version: Number(row.version),
  };
}
