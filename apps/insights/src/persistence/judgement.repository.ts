import { gathered, type Tx } from '@kilowatch/platform';

/** "Look at this session": rows are only ever added, so that consumers never wait for each other. */
export interface Judgement {
  readonly tenant: string;
  readonly id: string;
  readonly sessionId: string;
  /** Of a look for silence: the stretch of charging it is about, device time in ms. */
  readonly chargingSince: number | undefined;
}

export interface WantedLook {
  readonly sessionId: string;
  readonly dueAt: Date;
  /** Of a look for silence in a stretch of charging, when nothing else may ask for one. */
  readonly chargingSince?: number;
}

export const askForLook = gathered(
  ({ sessionId, chargingSince }: WantedLook) => `${sessionId}|${chargingSince ?? ''}`,
  async (tx, tenant, looks) => {
    await tx.query(
      `insert into pending_judgement (tenant, session_id, charging_since, due_at)
        select $1, * from unnest($2::uuid[], $3::bigint[], $4::timestamptz[])`,
      [
        tenant,
        looks.map(({ sessionId }) => sessionId),
        looks.map(({ chargingSince }) => chargingSince ?? null),
        looks.map(({ dueAt }) => dueAt),
      ],
    );
  },
);

export async function takeDue(tx: Tx, now: Date, limit: number): Promise<Judgement[]> {
  const rows = await tx.query<{
    tenant: string;
    id: string;
    session_id: string;
    charging_since: string | null;
  }>(
    `select tenant, id, session_id, charging_since from pending_judgement where due_at <= $1 order by due_at, id limit $2
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

export const finish = gathered(
  ({ id }: Judgement) => id,
  async (tx, tenant, judgements) => {
    await tx.query('delete from pending_judgement where tenant = $1 and id = any($2::bigint[])', [
      tenant,
      judgements.map(({ id }) => id),
    ]);
  },
);

export async function putOff(tx: Tx, judgement: Judgement, dueAt: Date): Promise<void> {
  await tx.query('update pending_judgement set due_at = $2 where id = $1', [judgement.id, dueAt]);
}
