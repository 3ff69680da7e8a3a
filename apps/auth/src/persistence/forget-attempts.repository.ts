import type { Tx } from '@kilowatch/platform';

/** Everything of the monitor that matters no more, of all tenants; a row for each that is gone. */
export async function forgetAttempts(
  tx: Tx,
  before: { readonly now: Date; readonly sessions: Date; readonly incidents: Date },
  limit: number,
): Promise<{ tenant: string }[]> {
  const gone = await Promise.all([
    forget(tx, 'attempt_history', 'kept_until < $1', before.now, limit),
    forget(tx, 'attempt_session', 'noted_at < $1', before.sessions, limit),
    forget(tx, 'refused_session', 'since < $1', before.sessions, limit),
    forget(tx, 'forged_chain', 'kept_until < $1', before.now, limit),
    forget(tx, 'token_watch', 'until < $1', before.now, limit),
    forget(tx, 'attempt_incident', `status = 'CLOSED' and closed_at < $1`, before.incidents, limit),
  ]);
  return gone.flat();
}

function forget(
  tx: Tx,
  table: string,
  which: string,
  time: Date,
  limit: number,
): Promise<{ tenant: string }[]> {
  return tx.query<{ tenant: string }>(
    `delete from ${table} where ctid = any (array(
      select ctid from ${table} where ${which} limit $2 for update skip locked)) returning tenant`,
    [time, limit],
  );
}
