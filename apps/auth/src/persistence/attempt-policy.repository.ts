import type { Tx } from '@kilowatch/platform';
import { DEFAULT_POLICY, type AttemptPolicy } from '../domain/attempts/attempt-rules.js';

export interface HeldPolicy {
  readonly policy: AttemptPolicy;
  /** 0: nothing was chosen yet. */
  readonly version: number;
}

export async function findPolicy(tx: Tx, tenant: string): Promise<HeldPolicy> {
  const [row] = await tx.query<{ policy: Partial<AttemptPolicy>; version: string }>(
    'select policy, version from attempt_policy where tenant = $1',
    [tenant],
  );
  return { policy: { ...DEFAULT_POLICY, ...row?.policy }, version: Number(row?.version ?? 0) };
}

export async function savePolicy(tx: Tx, tenant: string, held: HeldPolicy, at: Date): Promise<void> {
  await tx.query(
    `insert into attempt_policy (tenant, policy, version, changed_at) values ($1, $2, $3, $4)
      on conflict on constraint attempt_policy_pk do update set policy = excluded.policy, version = excluded.version,
        changed_at = excluded.changed_at`,
    [tenant, JSON.stringify(held.policy), held.version, at],
  );
}
