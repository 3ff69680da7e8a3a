import type { Tx } from '@kilowatch/platform';
import type { SessionFacts } from '../domain/watch.js';
import type { TransactionKey, WatchedSession } from './watch.repository.js';

/** True when this is news: not when a newer version is held. */
export async function saveSession(
  tx: Tx,
  tenant: string,
  session: WatchedSession & TransactionKey,
  facts: SessionFacts,
  version: number,
): Promise<boolean> {
  const rows = await tx.query(
    `insert into watched_session as held (tenant, session_id, station_id, transaction_ref, evse_number, account_id,
        station_identity, active, clock_offset_ms, facts, version)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      on conflict on constraint watched_session_pk do update set account_id = excluded.account_id,
        active = excluded.active, clock_offset_ms = excluded.clock_offset_ms, facts = excluded.facts,
        version = excluded.version
      where held.version < excluded.version
      returning 1`,
    [
      tenant,
      session.sessionId,
      session.stationId,
      session.transactionRef,
      session.evseNumber,
      session.accountId,
      session.stationIdentity,
      facts.active,
      session.clockOffsetMs,
      JSON.stringify(facts),
      version,
    ],
  );
  return rows.length > 0;
}

export async function saveLimit(
  tx: Tx,
  tenant: string,
  sessionId: string,
  limitMa: number,
  version: number,
): Promise<void> {
  await tx.query(
    `insert into session_limit as held (tenant, session_id, limit_ma, version) values ($1, $2, $3, $4)
      on conflict on constraint session_limit_pk do update set limit_ma = excluded.limit_ma, version = excluded.version
      where held.version < excluded.version`,
    [tenant, sessionId, limitMa, version],
  );
}

export interface ConnectorRow {
  readonly stationId: string;
  readonly evseNumber: number;
  readonly connectorNumber: number;
  readonly faultedAt: Date | undefined;
  readonly version: number;
}

/** A fault that lasts keeps its first time. */
export async function saveConnector(tx: Tx, tenant: string, connector: ConnectorRow): Promise<boolean> {
  const rows = await tx.query(
    `insert into connector_state as held (tenant, station_id, evse_number, connector_number, faulted_at, version)
      values ($1, $2, $3, $4, $5, $6)
      on conflict on constraint connector_state_pk do update set version = excluded.version,
        faulted_at = case when excluded.faulted_at is null then null
          else coalesce(held.faulted_at, excluded.faulted_at) end
      where held.version < excluded.version
      returning 1`,
    [
      tenant,
      connector.stationId,
      connector.evseNumber,
      connector.connectorNumber,
      connector.faultedAt ?? null,
      connector.version,
    ],
  );
  return rows.length > 0;
}

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

export async function transactionOf(
  tx: Tx,
  tenant: string,
  sessionId: string,
): Promise<TransactionKey | undefined> {
  const rows = await tx.query<{ station_id: string; transaction_ref: string }>(
    'select station_id, transaction_ref from watched_session where tenant = $1 and session_id = $2',
    [tenant, sessionId],
  );
  return rows[0] && { stationId: rows[0].station_id, transactionRef: rows[0].transaction_ref };
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
