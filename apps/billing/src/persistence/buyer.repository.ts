import type { Tx } from '@kilowatch/platform';

/** Takes over the name of an account unless a newer one is held. */
export async function saveBuyer(
  tx: Tx,
  tenant: string,
  buyer: { accountId: string; name: string },
  version: number,
): Promise<void> {
  await tx.query(
    `insert into buyer as held (tenant, account_id, name, version) values ($1, $2, $3, $4)
      on conflict on constraint buyer_pk do update set name = excluded.name, version = excluded.version
      where held.version < excluded.version`,
    [tenant, buyer.accountId, buyer.name, version],
  );
}

export async function nameOfBuyer(tx: Tx, tenant: string, accountId: string): Promise<string | undefined> {
  const rows = await tx.query<{ name: string }>(
    'select name from buyer where tenant = $1 and account_id = $2',
    [tenant, accountId],
  );
  return rows[0]?.name;
}
