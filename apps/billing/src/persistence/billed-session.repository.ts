import type { metering, sessions } from '@kilowatch/contracts';
import { gathered, gatheredRead, pgArray, type SortKey, type Tx } from '@kilowatch/platform';
import type { BilledReservation } from '../domain/reservation.js';
import type { Stored } from '../domain/stored.js';

/** A session as `sessions` last told it, instants as text. */
export type StoredSnapshot = Stored<sessions.SessionSnapshot>;
export type StoredReservation = Stored<BilledReservation>;
export type StoredEnergy = Stored<Omit<metering.SessionMetered, 'meta'>>;

export interface BilledSession {
  readonly tenant: string;
  readonly sessionId: string;
  /** Absent while only metering has spoken. */
  readonly snapshot: StoredSnapshot | undefined;
  readonly energy: StoredEnergy | undefined;
  /** What it began with; where nobody used one, all that this is. */
  readonly reservation: StoredReservation | undefined;
  readonly holdReason: string | undefined;
  readonly heldAt: Date | undefined;
}

interface Row {
  tenant: string;
  session_id: string;
  snapshot: StoredSnapshot | null;
  energy: StoredEnergy | null;
  reservation: StoredReservation | null;
  hold_reason: string | null;
  held_at: Date | null;
}

/**
 * Facts of a tenant's sessions are taken in one transaction at a time: start, end and energy come on two streams in
 * batches, and batches with the same sessions in another order would deadlock. Invoice numbers wait for each other anyway.
 */
export function lockSettling(tx: Tx, tenant: string): void {
  tx.lock(`settle|${tenant}`);
}

interface ToldSnapshot {
  readonly snapshot: sessions.SessionSnapshot;
  readonly version: number;
}

/** Takes over what sessions said, and answers with all that is known now; nothing when a newer version is held. */
export const saveSnapshot = gathered<ToldSnapshot, BilledSession>(
  ({ snapshot }) => snapshot.sessionId,
  async (tx, tenant, told) => {
    const rows = await tx.query<Row>(
      `insert into billed_session as held (tenant, session_id, sessions_version, snapshot)
        select $1, * from unnest($2::uuid[], $3::bigint[], $4::json[])
        on conflict on constraint billed_session_pk do update set sessions_version = excluded.sessions_version,
          snapshot = excluded.snapshot
        where held.sessions_version < excluded.sessions_version
        returning *`,
      [
        tenant,
        pgArray.uuid(told.map(({ snapshot }) => snapshot.sessionId)),
        pgArray.int8(told.map(({ version }) => version)),
        pgArray.json(told.map(({ snapshot }) => JSON.stringify(snapshot))),
      ],
    );
    return byId(rows);
  },
);

/** Keeps the energy metering closed, and answers with all that is known now; nothing when it was there: the first word counts. */
export const saveEnergy = gathered<StoredEnergy, BilledSession>(
  ({ sessionId }) => sessionId,
  async (tx, tenant, energies) => {
    const rows = await tx.query<Row>(
      `insert into billed_session as held (tenant, session_id, sessions_version, energy)
        select $1, session_id, 0, energy from unnest($2::uuid[], $3::json[]) as e (session_id, energy)
        on conflict on constraint billed_session_pk do update set energy = excluded.energy where held.energy is null
        returning *`,
      [
        tenant,
        pgArray.uuid(energies.map(({ sessionId }) => sessionId)),
        pgArray.json(energies.map((energy) => JSON.stringify(energy))),
      ],
    );
    return byId(rows);
  },
);

/** Keeps that a session began with a reservation; answers with all that is known of it. */
export async function saveReservation(
  tx: Tx,
  tenant: string,
  sessionId: string,
  reservation: StoredReservation,
): Promise<BilledSession | undefined> {
  const rows = await tx.query<Row>(
    `insert into billed_session as held (tenant, session_id, sessions_version, reservation) values ($1, $2, 0, $3)
      on conflict on constraint billed_session_pk do update set reservation = excluded.reservation returning *`,
    [tenant, sessionId, JSON.stringify(reservation)],
  );
  return rows[0] && toSession(rows[0]);
}

/** A reservation that nobody used, under its own id. Undefined: it is there already, and what was said first counts. */
export async function saveUnusedReservation(
  tx: Tx,
  tenant: string,
  {
    snapshot,
    energy,
    reservation,
  }: { snapshot: StoredSnapshot; energy: StoredEnergy; reservation: StoredReservation },
): Promise<BilledSession | undefined> {
  const rows = await tx.query<Row>(
    `insert into billed_session (tenant, session_id, sessions_version, snapshot, energy, reservation) values ($1, $2, 1, $3, $4, $5)
      on conflict on constraint billed_session_pk do nothing returning *`,
    [tenant, snapshot.sessionId, ...[snapshot, energy, reservation].map((part) => JSON.stringify(part))],
  );
  return rows[0] && toSession(rows[0]);
}

/** Whether a session used it. */
export async function isUsedReservation(tx: Tx, tenant: string, reservationId: string): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from billed_session where tenant = $1 and reservation is not null and reservation ->> 'reservationId' = $2
      and session_id <> $2::uuid`,
    [tenant, reservationId],
  );
  return rows.length > 0;
}

/** What is kept of an unused reservation that has no bill. */
export async function dropUnbilled(tx: Tx, tenant: string, reservationId: string): Promise<void> {
  await tx.query('delete from billed_session where tenant = $1 and session_id = $2', [tenant, reservationId]);
}

export const findSession = gatheredRead<string, BilledSession>(
  (sessionId) => sessionId,
  async (tx, tenant, ids) => {
    const found = await findSessions(tx, tenant, ids);
    return new Map(found.map((session) => [session.sessionId, session]));
  },
);

export async function findSessions(tx: Tx, tenant: string, ids: readonly string[]): Promise<BilledSession[]> {
  const rows = await tx.query<Row>(
    'select * from billed_session where tenant = $1 and session_id = any($2::uuid[])',
    [tenant, ids],
  );
  return rows.map(toSession);
}

export async function holdSession(
  tx: Tx,
  tenant: string,
  sessionId: string,
  reason: string,
  at: Date,
): Promise<void> {
  // Held for the same reason again: since when it waits stays.
  await tx.query(
    `update billed_session set held_at = case when hold_reason = $3 then held_at else $4 end, hold_reason = $3, due_at = null
      where tenant = $1 and session_id = $2`,
    [tenant, sessionId, reason, at],
  );
}

export async function releaseSession(tx: Tx, tenant: string, sessionId: string): Promise<void> {
  await tx.query(
    'update billed_session set hold_reason = null, held_at = null, due_at = null where tenant = $1 and session_id = $2',
    [tenant, sessionId],
  );
}

/** Sessions whose bill waits for somebody, the longest first; `reason` undefined: whatever for. */
export async function listHeld(
  tx: Tx,
  tenant: string,
  reason: string | undefined,
  page: { limit: number; after: SortKey | undefined },
): Promise<{ rows: BilledSession[]; total: number }> {
  const where = 'tenant = $1 and hold_reason is not null and ($2::text is null or hold_reason = $2)';
  const rows = await tx.query<Row>(
    `select * from billed_session where ${where} and ($3::timestamptz is null or (held_at, session_id) > ($3::timestamptz, $4::uuid))
      order by held_at, session_id limit $5`,
    [tenant, reason ?? null, page.after?.[0] ?? null, page.after?.[1] ?? null, page.limit],
  );
  const total = await tx.query<{ n: string }>(`select count(*) as n from billed_session where ${where}`, [
    tenant,
    reason ?? null,
  ]);
  return { rows: rows.map(toSession), total: Number(total[0]?.n ?? 0) };
}

/** Makes sessions that wait for a tariff due. */
export async function wakeUnpriced(tx: Tx, tenant: string, at: Date): Promise<void> {
  await tx.query(`update billed_session set due_at = $2 where tenant = $1 and hold_reason = 'no_tariff'`, [
    tenant,
    at,
  ]);
}

/** Not locked: settling twice changes nothing, and `lockSettling` comes before any row. */
export async function dueSessions(
  tx: Tx,
  now: Date,
  limit: number,
): Promise<{ tenant: string; sessionId: string }[]> {
  const rows = await tx.query<Row>(
    'select tenant, session_id from billed_session where due_at <= $1 order by due_at limit $2',
    [now, limit],
  );
  return rows.map((row) => ({ tenant: row.tenant, sessionId: row.session_id }));
}

export async function postponeSession(tx: Tx, tenant: string, sessionId: string, dueAt: Date): Promise<void> {
  await tx.query('update billed_session set due_at = $3 where tenant = $1 and session_id = $2', [
    tenant,
    sessionId,
    dueAt,
  ]);
}

function byId(rows: readonly Row[]): Map<string, BilledSession> {
  return new Map(rows.map((row) => [row.session_id, toSession(row)]));
}

function toSession(row: Row): BilledSession {
  return {
    tenant: row.tenant,
    sessionId: row.session_id,
    snapshot: row.snapshot ?? undefined,
    energy: row.energy ?? undefined,
    reservation: row.reservation ?? undefined,
    holdReason: row.hold_reason ?? undefined,
    heldAt: row.held_at ?? undefined,
  };
}
