import type { Tx } from '@kilowatch/platform';

export interface CardSetup {
  readonly tenant: string;
  readonly id: string;
  readonly accountId: string;
  readonly providerRef: string;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly state: 'OPEN' | 'DONE' | 'FAILED';
}

interface Row {
  tenant: string;
  id: string;
  account_id: string;
  provider_ref: string;
  attempts: number;
  created_at: Date;
  state: CardSetup['state'];
}

export async function insertSetup(tx: Tx, setup: Omit<CardSetup, 'state'>, dueAt: Date): Promise<void> {
  await tx.query(
    `insert into card_setup (tenant, id, account_id, provider_ref, state, attempts, created_at, due_at)
      values ($1, $2, $3, $4, 'OPEN', 0, $5, $6) on conflict on constraint card_setup_pk do nothing`,
    [setup.tenant, setup.id, setup.accountId, setup.providerRef, setup.createdAt, dueAt],
  );
}

/** Of all tenants; pushed on before anybody is asked, so that a process that dies costs a pause only. */
export async function takeDueSetups(tx: Tx, now: Date, limit: number): Promise<CardSetup[]> {
  const rows = await tx.query<Row>(
    `update card_setup set attempts = attempts + 1, due_at = $1::timestamptz + interval '1 minute' * power(4, least(attempts, 5))
      where (tenant, id) in (select tenant, id from card_setup where due_at <= $1 order by due_at limit $2 for update skip locked)
      returning *`,
    [now, limit],
  );
  return rows.map(toSetup);
}

export async function findSetup(tx: Tx, tenant: string, id: string): Promise<CardSetup | undefined> {
  const rows = await tx.query<Row>('select * from card_setup where tenant = $1 and id = $2', [tenant, id]);
  return rows[0] && toSetup(rows[0]);
}

/** The client secret or the page is of no use any more, or never was used. What is DONE stays so: the other may be told late. */
export async function closeSetup(
  tx: Tx,
  tenant: string,
  id: string,
  state: 'DONE' | 'FAILED',
): Promise<void> {
  await tx.query(
    "update card_setup set state = $3, due_at = null where tenant = $1 and id = $2 and state <> 'DONE'",
    [tenant, id, state],
  );
}

function toSetup(row: Row): CardSetup {
  return {
    tenant: row.tenant,
    id: row.id,
    accountId: row.account_id,
    providerRef: row.provider_ref,
    attempts: row.attempts,
    createdAt: row.created_at,
    state: row.state,
  };
}
