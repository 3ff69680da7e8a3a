import type { Tx } from '@kilowatch/platform';

/** "Look at this session": rows are only ever added, so that consumers never wait for each other. */
export interface Judgement {
  readonly tenant: string;
  readonly id: string;
  readonly sessionId: string;
  /** Of a look for silence: the stretch of charging it is about, device time in ms. */
  readonly chargingSince: number | undefined;
}

/** A look for silence in a stretch of charging, when nothing else may ask for one. */
export async function askForLaterLook(
  tx: Tx,
  tenant: string,
  sessionId: string,
  chargingSince: number,
  dueAt: Date,
): Promise<void> {
  await tx.query(
    'insert into pending_judgement (tenant, session_id, charging_since, due_at) values ($1, $2, $3, $4)',
    [tenant, sessionId, chargingSince, dueAt],
  );
}

export async function askForJudgement(tx: Tx, tenant: string, sessionId: string, dueAt: Date): Promise<void> {
  await tx.query('insert into pending_judgement (tenant, session_id, due_at) values ($1, $2, $3)', [
    tenant,
    sessionId,
    dueAt,
  ]);
}

export async function takeDue(tx: Tx, now: Date, limit: number): Promise<Judgement[]> {
  const rows = await tx.query<{
    tenant: string;
    id: string;
    session_id: string;
    charging_since: string | null;
  }>(
    `select tenant, id, session_id, charging_since from pending_judgement where due_at <= $1 order by id limit $2
      for update skip locked`,
    [now, limit],
  );
  return rows.map((row) => ({
    tenant: row.tenant,
    id: row.id,
    sessionId: row.session_id,
    chargingSince: row.charging_since === null ? undefined : Number(row.charging_since),
  }));
}

export async function finish(tx: Tx, judgement: Judgement): Promise<void> {
  await tx.query('delete from pending_judgement where id = $1', [judgement.id]);
}

export async function putOff(tx: Tx, judgement: Judgement, dueAt: Date): Promise<void> {
  await tx.query('update pending_judgement set due_at = $2 where id = $1', [judgement.id, dueAt]);
}
