import { gathered, type Tx } from '@kilowatch/platform';
import type { RateableSession } from '../domain/rating.js';

export interface KnownSession extends RateableSession {
  readonly tenant: string;
  readonly sessionId: string;
  readonly stationId: string;
  readonly version: number;
}

interface Row {
  tenant: string;
  session_id: string;
  account_id: string;
  station_id: string;
  ended: boolean;
  version: string;
}

/** Takes over what sessions said unless a newer version is held. */
export const saveSession = gathered(
  ({ sessionId }: KnownSession) => sessionId,
  async (tx, tenant, sessions) => {
    await tx.query(
      `insert into known_session as held (tenant, session_id, account_id, station_id, ended, version)
        select $1, * from unnest($2::uuid[], $3::text[], $4::uuid[], $5::bool[], $6::bigint[])
        on conflict on constraint known_session_pk do update set account_id = excluded.account_id,
          station_id = excluded.station_id, ended = excluded.ended, version = excluded.version
        where held.version < excluded.version`,
      [
        tenant,
        sessions.map(({ sessionId }) => sessionId),
        sessions.map(({ accountId }) => accountId),
        sessions.map(({ stationId }) => stationId),
        sessions.map(({ ended }) => ended),
        sessions.map(({ version }) => version),
      ],
    );
  },
);

/** With a lock: who rates the same session at the same time waits. */
export async function lockSession(
  tx: Tx,
  tenant: string,
  sessionId: string,
): Promise<KnownSession | undefined> {
  const rows = await tx.query<Row>(
    'select * from known_session where tenant = $1 and session_id = $2 for update',
    [tenant, sessionId],
  );
  return rows[0] && toSession(rows[0]);
}

export async function findSessions(tx: Tx, tenant: string, ids: readonly string[]): Promise<KnownSession[]> {
  const rows = await tx.query<Row>(
    'select * from known_session where tenant = $1 and session_id = any($2::uuid[])',
    [tenant, ids],
  );
  return rows.map(toSession);
}

function toSession(row: Row): KnownSession {
  return {
    tenant: row.tenant,
    sessionId: row.session_id,
    accountId: row.account_id,
    stationId: row.station_id,
    ended: row.ended,
    version: Number(row.version),
  };
}
