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

/** What a session is since it was told of anew. */
export interface SessionNews {
  /** It was not known before, or to be somebody else's. */
  readonly driverIsNew: boolean;
}

/** Undefined when this is no news: the same or a newer version is held. */
export const saveSession = gathered<KnownSession, SessionNews>(
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
    // The select in RETURNING sees the row as it was before the statement.
    const news = await tx.query<{ session_id: string; driver_is_new: boolean }>(
      `insert into known_session as held (${COLUMNS})
        select ${COLUMNS} from json_populate_recordset(null::known_session, $1::json)
        on conflict on constraint known_session_pk do update set account_id = excluded.account_id,
          station_identity = excluded.station_identity, location_name = excluded.location_name,
          time_zone = excluded.time_zone, ended = excluded.ended, version = excluded.version
        where held.version < excluded.version
        returning session_id, not exists (select 1 from known_session o where o.tenant = held.tenant
          and o.session_id = held.session_id and o.account_id = held.account_id) as driver_is_new`,
      [JSON.stringify(rows)],
    );
    return new Map(news.map((row) => [row.session_id, { driverIsNew: row.driver_is_new }]));
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
