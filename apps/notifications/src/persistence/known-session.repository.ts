import { gathered, type Tx } from '@kilowatch/platform';

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

const COLUMNS =
  'tenant, session_id, account_id, station_id, station_identity, location_name, time_zone, ended, version';

/** True when this is news: not when the same or a newer version is held. */
export const saveSession = gathered<KnownSession, true>(
  ({ sessionId }) => sessionId,
  async (tx, tenant, sessions) => {
    const rows = sessions.map((session) => ({
      tenant,
      session_id: session.sessionId,
      account_id: session.accountId,
      station_id: session.stationId,
      station_identity: session.stationIdentity,
      location_name: session.locationName,
      time_zone: session.timeZone,
      ended: session.ended,
      version: session.version,
    }));
    const news = await tx.query<{ session_id: string }>(
      `insert into known_session as held (${COLUMNS})
        select ${COLUMNS} from json_populate_recordset(null::known_session, $1::json)
        on conflict on constraint known_session_pk do update set account_id = excluded.account_id,
          station_identity = excluded.station_identity, location_name = excluded.location_name,
          time_zone = excluded.time_zone, ended = excluded.ended, version = excluded.version
        where held.version < excluded.version
        returning session_id`,
      [JSON.stringify(rows)],
    );
    return new Map(news.map((row) => [row.session_id, true]));
  },
);

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

export const findSession = gathered<string, KnownSession>(
  (sessionId) => sessionId,
  async (tx, tenant, sessionIds) => {
    const sessions = await findSessions(tx, tenant, sessionIds);
    return new Map(sessions.map((session) => [session.sessionId, session]));
  },
);
