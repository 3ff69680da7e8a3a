import { gatheredRead, type Tx } from '@kilowatch/platform';

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

export const nameOfBuyer = gatheredRead<string, string>(
  (accountId) => accountId,
  async (tx, tenant, accountIds) => {
    const rows = await tx.query<{ account_id: string; name: string }>(
      'select account_id, name from buyer where tenant = $1 and account_id = any($2::text[])',
      [tenant, accountIds],
    );
    return new Map(rows.map((row) => [row.account_id, row.name]));
  },
);
