import type { SortKey, Tx } from '@kilowatch/platform';

export interface SubscriptionRecord {
  readonly id: string;
  readonly accountId: string;
  readonly plan: string;
  readonly validFrom: Date;
  readonly validUntil: Date | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly endedBy: string | null;
}

const COLUMNS = `id, account_id as "accountId", plan, valid_from as "validFrom", valid_until as "validUntil", created_by as "createdBy",
  created_at as "createdAt", ended_by as "endedBy"`;

/** One change of a person's subscriptions at a time. */
export function lockSubscriptions(tx: Tx, tenant: string, accountId: string): void {
  tx.lock(`subscriptions|${tenant}|${accountId}`);
}

/** Another one that holds at some moment of the time. */
export async function findOverlapping(
  tx: Tx,
  tenant: string,
  { accountId, validFrom, validUntil }: Pick<SubscriptionRecord, 'accountId' | 'validFrom' | 'validUntil'>,
): Promise<SubscriptionRecord | undefined> {
  const rows = await tx.query<SubscriptionRecord>(
    `select ${COLUMNS} from subscription where tenant = $1 and account_id = $2 and ($4::timestamptz is null or valid_from < $4)
      and (valid_until is null or valid_until > $3) limit 1`,
    [tenant, accountId, validFrom, validUntil],
  );
  return rows[0];
}

export async function insertSubscription(tx: Tx, tenant: string, one: SubscriptionRecord): Promise<void> {
  await tx.query(
    `insert into subscription (tenant, id, account_id, plan, valid_from, valid_until, created_by, created_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [tenant, one.id, one.accountId, one.plan, one.validFrom, one.validUntil, one.createdBy, one.createdAt],
  );
}

export async function findSubscription(
  tx: Tx,
  tenant: string,
  id: string,
): Promise<SubscriptionRecord | undefined> {
  const rows = await tx.query<SubscriptionRecord>(
    `select ${COLUMNS} from subscription where tenant = $1 and id = $2 for update`,
    [tenant, id],
  );
  return rows[0];
}

export async function endSubscription(
  tx: Tx,
  tenant: string,
  end: { readonly id: string; readonly until: Date; readonly by: string },
): Promise<void> {
  await tx.query('update subscription set valid_until = $3, ended_by = $4 where tenant = $1 and id = $2', [
    tenant,
    end.id,
    end.until,
    end.by,
  ]);
}

/** Latest made first; those that are over too. `accountId`: of one person. */
export async function listSubscriptions(
  tx: Tx,
  tenant: string,
  accountId: string | undefined,
  page: { limit: number; after: SortKey | undefined },
): Promise<SubscriptionRecord[]> {
  return tx.query<SubscriptionRecord>(
    `select ${COLUMNS} from subscription where tenant = $1 and ($2::text is null or account_id = $2)
      and ($3::uuid is null or id < $3) order by id desc limit $4`,
    [tenant, accountId ?? null, page.after?.[0] ?? null, page.limit],
  );
}
