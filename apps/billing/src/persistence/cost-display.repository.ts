import type { Tx } from '@kilowatch/platform';
import type { TellingState } from '../domain/cost-telling.js';

export interface CostDisplayRow extends TellingState {
  readonly tenant: string;
  readonly sessionId: string;
  readonly stationId: string;
  readonly transactionRef: string;
  readonly lease: number;
}

export interface NewCostDisplay {
  readonly sessionId: string;
  readonly stationId: string;
  readonly transactionRef: string;
  readonly currency: string;
}

/** A running session: told from now on, unless it is already. */
export async function showCost(tx: Tx, tenant: string, session: NewCostDisplay, dueAt: Date): Promise<void> {
  await tx.query(
    `insert into cost_display (tenant, session_id, station_id, transaction_ref, currency, told, silent, lease, due_at)
      values ($1, $2, $3, $4, $5, '', false, 0, $6)
      on conflict on constraint cost_display_pk do nothing`,
    [tenant, session.sessionId, session.stationId, session.transactionRef, session.currency, dueAt],
  );
}

/** The session is over: a flight that is out does not say when it is looked at next. */
export async function showFinalCost(tx: Tx, tenant: string, sessionId: string, dueAt: Date): Promise<void> {
  await tx.query(
    'update cost_display set lease = lease + 1, due_at = $3 where tenant = $1 and session_id = $2',
    [tenant, sessionId, dueAt],
  );
}

export async function takeDueCosts(tx: Tx, now: Date, limit: number): Promise<CostDisplayRow[]> {
  const rows = await tx.query<{
    tenant: string;
    session_id: string;
    station_id: string;
    transaction_ref: string;
    currency: string;
    told: string;
    silent: boolean;
    lease: string;
  }>('select * from cost_display where due_at <= $1 order by due_at limit $2 for update skip locked', [
    now,
    limit,
  ]);
  return rows.map((row) => ({
    tenant: row.tenant,
    sessionId: row.session_id,
    stationId: row.station_id,
    transactionRef: row.transaction_ref,
    currency: row.currency,
    told: row.told,
    silent: row.silent,
    lease: Number(row.lease),
  }));
}

/** With `lease + 1`: a flight leaves, and is looked after when it lapses. */
export async function postponeCost(
  tx: Tx,
  { tenant, sessionId }: Pick<CostDisplayRow, 'tenant' | 'sessionId'>,
  lease: number,
  dueAt: Date,
): Promise<void> {
  await tx.query('update cost_display set lease = $3, due_at = $4 where tenant = $1 and session_id = $2', [
    tenant,
    sessionId,
    lease,
    dueAt,
  ]);
}

/** What came of a flight; the time counts only while no other word came in between. */
export async function landCost(
  tx: Tx,
  { tenant, sessionId, lease }: Pick<CostDisplayRow, 'tenant' | 'sessionId' | 'lease'>,
  { told, silent, dueAt }: { readonly told: string; readonly silent: boolean; readonly dueAt: Date },
): Promise<void> {
  await tx.query(
    `update cost_display set told = $4, silent = $5, due_at = case when lease = $3 then $6::timestamptz else due_at end
      where tenant = $1 and session_id = $2`,
    [tenant, sessionId, lease, told, silent, dueAt],
  );
}

/** Nothing is left to tell. */
export async function dropCost(tx: Tx, tenant: string, sessionId: string): Promise<void> {
  await tx.query('delete from cost_display where tenant = $1 and session_id = $2', [tenant, sessionId]);
}
