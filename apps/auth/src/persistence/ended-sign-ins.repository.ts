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
