import type { Tx } from '@kilowatch/platform';

/** Whose session it is and where: enough to word an alert and to authorise who asks. */
export interface KnownSession {
  readonly tenant: string;
  readonly sessionId: string;
  readonly accountId: string;
  readonly stationId: string;
  readonly stationIdentity: string;
  readonly locationName: string;
  readonly timeZone: string;
  readonly ended: boolean;
  readonly version: number;
}

interface Row {
  tenant: string;
  session_id: string;
  account_id: string;
  station_id: string;
  station_identity: string;
  location_name: string;
  time_zone: string;
  ended: boolean;
  version: string;
}

/** False when a newer version is held. */
export async function saveSession(tx: Tx, session: KnownSession): Promise<boolean> {
  const rows = await tx.query(
    `insert into known_session as held (tenant, session_id, account_id, station_id, station_identity, location_name,
        time_zone, ended, version)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      on conflict on constraint known_session_pk do update set account_id = excluded.account_id,
        station_identity = excluded.station_identity, location_name = excluded.location_name,
        time_zone = excluded.time_zone, ended = excluded.ended, version = excluded.version
      where held.version < excluded.version
      returning 1`,
    [
      session.tenant,
      session.sessionId,
      session.accountId,
      session.stationId,
      session.stationIdentity,
      session.locationName,
      session.timeZone,
      session.ended,
      session.version,
    ],
  );
  return rows.length > 0;
}

export async function findSessions(tx: Tx, tenant: string, ids: readonly string[]): Promise<KnownSession[]> {
  const rows = await tx.query<Row>(
    'select * from known_session where tenant = $1 and session_id = any($2::uuid[])',
    [tenant, ids],
  );
  return rows.map((row) => ({
    tenant: row.tenant,
    sessionId: row.session_id,
    accountId: row.account_id,
    stationId: row.station_id,
    stationIdentity: row.station_identity,
    locationName: row.location_name,
    timeZone: row.time_zone,
    ended: row.ended,
    version: Number(row.version),
  }));
}
