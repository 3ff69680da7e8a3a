import { gathered, type Tx } from '@kilowatch/platform';

/** "Look at this session": rows are never changed by who asks, so that consumers never wait for each other. */
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

/**
 * A look that waits for the session already does for this one too, when it comes no later. It is held until we commit, so that it
 * does not come before; one that others hold (it has just begun, it is being put off) does not count.
 */
export const askForLook = gathered(
  ({ sessionId, chargingSince }: WantedLook) => `${sessionId}|${chargingSince ?? ''}`,
  async (tx, tenant, looks) => {
    await tx.query(
      `insert into pending_judgement (tenant, session_id, charging_since, due_at)
        select $1, k.* from unnest($2::uuid[], $3::bigint[], $4::timestamptz[]) as k (session_id, charging_since, due_at)
        where k.charging_since is not null or not exists (select 1 from pending_judgement p
          where p.tenant = $1 and p.session_id = k.session_id and p.charging_since is null and p.due_at <= k.due_at
          limit 1 for key share skip locked)`,
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

export interface PutOff {
  readonly judgement: Judgement;
  readonly dueAt: Date;
}

export const putOff = gathered(
  ({ judgement }: PutOff) => judgement.id,
  async (tx, tenant, put) => {
    await tx.query(
      `update pending_judgement p set due_at = k.due_at from unnest($2::bigint[], $3::timestamptz[]) as k (id, due_at)
        where p.tenant = $1 and p.id = k.id`,
      [tenant, put.map(({ judgement }) => judgement.id), put.map(({ dueAt }) => dueAt)],
    );
  },
);
