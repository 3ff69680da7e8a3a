import { pgArray, type Tx } from '@kilowatch/platform';
import type { AttemptHistory } from '../domain/attempts/attempt-history.js';
import { nameOf, type RuleKey } from '../domain/attempts/attempt-watch.js';

export interface HistoryRow extends RuleKey {
  readonly history: AttemptHistory;
  readonly keptUntil: Date;
}

/** By `nameOf`. */
export async function findHistories(
  tx: Tx,
  tenant: string,
  keys: readonly RuleKey[],
): Promise<Map<string, AttemptHistory>> {
  const rows = await tx.query<{ rule: RuleKey['rule']; key: string; history: AttemptHistory }>(
    // Row by row: a plan of the day when the table was empty would join it as a whole, batch after batch.
    `select w.rule, w.key, h.history from unnest($2::text[], $3::text[]) as w(rule, key)
      cross join lateral (select history from attempt_history h
        where h.tenant = $1 and h.rule = w.rule and h.key = w.key limit 1) h`,
    [tenant, pgArray.text(keys.map(({ rule }) => rule)), pgArray.text(keys.map(({ key }) => key))],
  );
  return new Map(rows.map((row) => [nameOf(row), row.history]));
}

export async function saveHistories(tx: Tx, tenant: string, rows: readonly HistoryRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into attempt_history as held (tenant, rule, key, history, kept_until)
      select $1, r.rule, r.key, r.history, r.kept_until
        from unnest($2::text[], $3::text[], $4::json[], $5::timestamptz[]) as r(rule, key, history, kept_until)
      on conflict on constraint attempt_history_pk do update set history = excluded.history,
        kept_until = excluded.kept_until`,
    [
      tenant,
      pgArray.text(rows.map(({ rule }) => rule)),
      pgArray.text(rows.map(({ key }) => key)),
      pgArray.json(rows.map(({ history }) => JSON.stringify(history))),
      pgArray.timestamptz(rows.map(({ keptUntil }) => keptUntil)),
    ],
  );
}
