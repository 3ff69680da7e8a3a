import type { Tx } from '@kilowatch/platform';
import type { AlertPreference } from '../domain/preference.js';

/** What the people chose, by account; who chose nothing is missing. */
export async function findPreferences(
  tx: Tx,
  tenant: string,
  accountIds: readonly string[],
): Promise<Map<string, AlertPreference[]>> {
  const rows = await tx.query<AlertPreference & { account_id: string }>(
    'select account_id, kind, channel, enabled from preference where tenant = $1 and account_id = any($2)',
    [tenant, accountIds],
  );
  const chosen = new Map<string, AlertPreference[]>();
  for (const { account_id, kind, channel, enabled } of rows) {
    chosen.set(account_id, [...(chosen.get(account_id) ?? []), { kind, channel, enabled }]);
  }
  return chosen;
}

export async function savePreference(
  tx: Tx,
  tenant: string,
  accountId: string,
  preference: AlertPreference,
): Promise<void> {
  await tx.query(
    `insert into preference (tenant, account_id, kind, channel, enabled) values ($1, $2, $3, $4, $5)
      on conflict on constraint preference_pk do update set enabled = excluded.enabled`,
    [tenant, accountId, preference.kind, preference.channel, preference.enabled],
  );
}
