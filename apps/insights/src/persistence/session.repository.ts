import { gathered, type Tx } from '@kilowatch/platform';
import type { SessionFacts } from '../domain/watch.js';
import type { TransactionKey, WatchedSession } from './watch.repository.js';

export interface ToldSession extends WatchedSession, TransactionKey {
  readonly facts: SessionFacts;
  readonly version: number;
}

const SESSION_COLUMNS = `tenant, session_id, station_id, transaction_ref, evse_number, account_id, station_identity, active,
  clock_offset_ms, facts, version`;

/** True when this is news: not when a newer version is held. */
export const saveSession = gathered(
  ({ sessionId }: ToldSession) => sessionId,
  async (tx, tenant, sessions) => {
    const rows = sessions.map((session) => ({
      tenant,
      session_id: session.sessionId,
      station_id: session.stationId,
      transaction_ref: session.transactionRef,
      evse_number: session.evseNumber,
      account_id: session.accountId,
      station_identity: session.stationIdentity,
      active: session.facts.active,
      clock_offset_ms: session.clockOffsetMs,
      facts: session.facts,
      version: session.version,
    }));
    const news = await tx.query<{ session_id: string }>(
      `insert into watched_session as held (${SESSION_COLUMNS})
        select ${SESSION_COLUMNS} from json_populate_recordset(null::watched_session, $1::json)
        on conflict on constraint watched_session_pk do update set account_id = excluded.account_id,
          active = excluded.active, clock_offset_ms = excluded.clock_offset_ms, facts = excluded.facts,
          version = excluded.version
        where held.version < excluded.version
        returning session_id`,
      [JSON.stringify(rows)],
    );
    return new Map(news.map((row) => [row.session_id, true]));
  },
);

export interface LimitOfSession {
  readonly sessionId: string;
  readonly limitMa: number;
  readonly version: number;
}

export const saveLimit = gathered(
  ({ sessionId }: LimitOfSession) => sessionId,
  async (tx, tenant, limits) => {
    await tx.query(
      `insert into session_limit as held (tenant, session_id, limit_ma, version)
        select $1, * from unnest($2::uuid[], $3::int[], $4::bigint[])
        on conflict on constraint session_limit_pk do update set limit_ma = excluded.limit_ma, version = excluded.version
        where held.version < excluded.version`,
      [
        tenant,
        limits.map(({ sessionId }) => sessionId),
        limits.map(({ limitMa }) => limitMa),
        limits.map(({ version }) => version),
      ],
    );
  },
);

export interface ConnectorRow {
  readonly stationId: string;
  readonly evseNumber: number;
  readonly connectorNumber: number;
  readonly faultedAt: Date | undefined;
  readonly version: number;
}

/**
 * A fault that lasts keeps its first time. True when this is news and the connector is faulted or was until now: nothing else of a
 * connector is judged.
 */
export const saveConnector = gathered(
  ({ stationId, evseNumber, connectorNumber }: ConnectorRow) =>
    `${stationId}|${evseNumber}|${connectorNumber}`,
  async (tx, tenant, connectors) => {
    // The select in RETURNING sees the row as it was before the statement.
    const news = await tx.query<{ station_id: string; evse_number: number; connector_number: number }>(
      `with told as (
        insert into connector_state as held (tenant, station_id, evse_number, connector_number, faulted_at, version)
        select $1, * from unnest($2::uuid[], $3::int[], $4::int[], $5::timestamptz[], $6::bigint[])
        on conflict on constraint connector_state_pk do update set version = excluded.version,
          faulted_at = case when excluded.faulted_at is null then null
            else coalesce(held.faulted_at, excluded.faulted_at) end
        where held.version < excluded.version
        returning station_id, evse_number, connector_number, faulted_at is not null or exists (
          select 1 from connector_state o where o.tenant = held.tenant and o.station_id = held.station_id
            and o.evse_number = held.evse_number and o.connector_number = held.connector_number
            and o.faulted_at is not null) as concerns)
      select * from told where concerns`,
      [
        tenant,
        connectors.map(({ stationId }) => stationId),
        connectors.map(({ evseNumber }) => evseNumber),
        connectors.map(({ connectorNumber }) => connectorNumber),
        connectors.map(({ faultedAt }) => faultedAt ?? null),
        connectors.map(({ version }) => version),
      ],
    );
    return new Map(news.map((row) => [`${row.station_id}|${row.evse_number}|${row.connector_number}`, true]));
  },
);

/** The running transactions of EVSEs, for readings that name none (Q29): `station|evse` -> reference. */
export async function activeTransactions(
  tx: Tx,
  tenant: string,
  stationIds: readonly string[],
): Promise<Map<string, { sessionId: string; transactionRef: string }>> {
  const rows = await tx.query<{
    station_id: string;
    evse_number: number;
    session_id: string;
    transaction_ref: string;
  }>(
    `select station_id, evse_number, session_id, transaction_ref from watched_session
      where tenant = $1 and station_id = any($2::uuid[]) and active`,
    [tenant, stationIds],
  );
  return new Map(
    rows.map((row) => [
      `${row.station_id}|${row.evse_number}`,
      { sessionId: row.session_id, transactionRef: row.transaction_ref },
    ]),
  );
}

/** Which of the sessions there are; `accountId` narrows it to a driver's own. */
export async function visibleSessions(
  tx: Tx,
  tenant: string,
  sessionIds: readonly string[],
  accountId: string | undefined,
): Promise<string[]> {
  const rows = await tx.query<{ session_id: string }>(
    `select session_id from watched_session
      where tenant = $1 and session_id = any($2::uuid[]) and ($3::text is null or account_id = $3)`,
    [tenant, sessionIds, accountId ?? null],
  );
  return rows.map((row) => row.session_id);
}
