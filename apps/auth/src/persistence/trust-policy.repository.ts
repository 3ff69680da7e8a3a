import { gatheredRead, type Tx } from '@kilowatch/platform';
import type { TrustChoices } from '../domain/trust-policy.js';

export interface StoredTrustPolicy {
  readonly choices: TrustChoices;
  /** Counts every change of anchors, intermediates and policy. 0: nothing was ever set. */
  readonly version: number;
  readonly updatedAt: Date | undefined;
}

export async function findTrustPolicy(tx: Tx, tenant: string): Promise<StoredTrustPolicy> {
  return (await read(tx, tenant, undefined)) ?? { choices: {}, version: 0, updatedAt: undefined };
}

/** Each decision about a contract looks: those of one moment look once. */
const read = gatheredRead<undefined, StoredTrustPolicy>(
  () => '',
  async (tx, tenant) => {
    const [row] = await tx.query<{ choices: TrustChoices; version: string; updated_at: Date }>(
      'select choices, version, updated_at from trust_policy where tenant = $1',
      [tenant],
    );
    const stored = row && {
      choices: row.choices,
      version: Number(row.version),
      updatedAt: row.updated_at,
    };
    return new Map(stored ? [['', stored]] : []);
  },
);

/**
 * Every change goes through here, in its transaction, so that nobody goes on with what was before. `choices` undefined: only something
 * else changed.
 */
export async function countTrustChange(
  tx: Tx,
  tenant: string,
  by: string,
  at: Date,
  choices?: TrustChoices,
): Promise<void> {
  await tx.query(
    `insert into trust_policy as held (tenant, choices, version, updated_by, updated_at)
      values ($1, coalesce($2::jsonb, '{}'), 1, $3, $4)
      on conflict on constraint trust_policy_pk do update set choices = coalesce($2::jsonb, held.choices),
        version = held.version + 1, updated_by = excluded.updated_by, updated_at = excluded.updated_at`,
    [tenant, choices === undefined ? null : JSON.stringify(choices), by, at],
  );
}
