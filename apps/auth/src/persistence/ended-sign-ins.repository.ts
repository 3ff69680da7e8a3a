import type { Tx } from '@kilowatch/platform';

/** Sign-ins and machine clients of all tenants that were ended after `since`: latest first, at most `limit` of each. */
export async function endedSince(tx: Tx, since: Date, limit: number): Promise<string[]> {
  const [sessions, clients] = await Promise.all([
    tx.query<{ id: string }>(
      'select id from sign_in_session where ended_at > $1 order by ended_at desc limit $2',
      [since, limit],
    ),
    tx.query<{ id: string }>(
      'select id from machine_client where revoked_at > $1 order by revoked_at desc limit $2',
      [since, limit],
    ),
  ]);
  return [...sessions, ...clients].map(({ id }) => id);
}

/** Accounts of all tenants, at most `limit`, that are switched off here and that another identity provider goes on vouching for. */
export function switchedOffExternals(tx: Tx, limit: number): Promise<{ tenant: string; id: string }[]> {
  return tx.query<{ tenant: string; id: string }>(
    'select tenant, id from account where issuer is not null and not active order by id desc limit $1',
    [limit],
  );
}
