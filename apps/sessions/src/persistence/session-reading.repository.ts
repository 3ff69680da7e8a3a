import { Injectable } from '@nestjs/common';
import { isUuid } from '@kilowatch/kernel';
import type { SortKey, Tx } from '@kilowatch/platform';
import type { Session } from '../domain/session.js';
import { sessionOf, type SessionPlace, type SessionRow } from './session-row.js';

export interface SessionView extends SessionPlace {
  readonly session: Session;
}

/** Whose sessions: of one account, or (operators) of the tenant. */
export interface SessionScope {
  readonly tenant: string;
  readonly accountId: string | undefined;
}

export interface SessionFilter {
  readonly state?: 'ACTIVE' | 'ENDED' | null;
  readonly stationId?: string | null;
  readonly locationId?: string | null;
}

const VISIBLE = `FROM session s WHERE s.tenant = $1 AND ($2::text IS NULL OR s.account_id = $2::text)`;

@Injectable()
export class SessionReadingRepository {
  async byIds(tx: Tx, scope: SessionScope, ids: readonly string[]): Promise<SessionView[]> {
    const rows = await tx.query<{ row: SessionRow }>(
      `SELECT to_jsonb(s) AS row ${VISIBLE} AND s.id = ANY ($3::uuid[])`,
      [scope.tenant, scope.accountId ?? null, ids.filter(isUuid)],
    );
    return rows.map(({ row }) => viewOf(row));
  }

  async activeOfStations(tx: Tx, scope: SessionScope, stationIds: readonly string[]): Promise<SessionView[]> {
    const rows = await tx.query<{ row: SessionRow }>(
      `SELECT to_jsonb(s) AS row ${VISIBLE} AND s.station_id = ANY ($3::uuid[]) AND s.ended_at IS NULL
       ORDER BY s.started_at DESC, s.id DESC`,
      [scope.tenant, scope.accountId ?? null, stationIds.filter(isUuid)],
    );
    return rows.map(({ row }) => viewOf(row));
  }

  /** Latest first, beyond the cursor (started at, id). */
  async list(
    tx: Tx,
    scope: SessionScope,
    filter: SessionFilter,
    page: { limit: number; after: SortKey | undefined },
  ): Promise<SessionView[]> {
    const { sql, params } = filtered(scope, filter);
    const [startedAt, id] = page.after ?? [];
    const n = params.length;
    const beyond =
      startedAt === undefined ? '' : `AND (s.started_at, s.id) < ($${n + 2}::timestamptz, $${n + 3}::uuid)`;
    const rows = await tx.query<{ row: SessionRow }>(
      `SELECT to_jsonb(s) AS row ${sql} ${beyond} ORDER BY s.started_at DESC, s.id DESC LIMIT $${n + 1}`,
      [...params, page.limit, ...(startedAt === undefined ? [] : [startedAt, id])],
    );
    return rows.map(({ row }) => viewOf(row));
  }

  async count(tx: Tx, scope: SessionScope, filter: SessionFilter): Promise<number> {
    const { sql, params } = filtered(scope, filter);
    const rows = await tx.query<{ total: number }>(`SELECT count(*)::int AS total ${sql}`, params);
    return rows[0]!.total;
  }
}

/** Only the conditions asked for, so that each combination can use its index. */
function filtered(scope: SessionScope, filter: SessionFilter): { sql: string; params: unknown[] } {
  const params: unknown[] = [scope.tenant];
  const conditions = ['s.tenant = $1'];
  const add = (column: string, value: string) => conditions.push(`s.${column} = $${params.push(value)}`);
  if (scope.accountId !== undefined) add('account_id', scope.accountId);
  if (filter.stationId) add('station_id', isUuid(filter.stationId) ? filter.stationId : NOBODY);
  if (filter.locationId) add('location_id', isUuid(filter.locationId) ? filter.locationId : NOBODY);
  if (filter.state) conditions.push(`s.ended_at IS ${filter.state === 'ACTIVE' ? '' : 'NOT'} NULL`);
  return { sql: `FROM session s WHERE ${conditions.join(' AND ')}`, params };
}

const NOBODY = '00000000-0000-0000-0000-000000000000';

function viewOf(row: SessionRow): SessionView {
  return {
    session: sessionOf(row),
    locationId: row.location_id,
    connectorId: row.connector_id ?? undefined,
  };
}
