import type { Tx } from '@kilowatch/platform';
import type { ChargingSchedule } from '../domain/charging-schedule.js';
import type { Flight, LimitState, SessionLimit } from '../domain/session-limit.js';

interface Row {
  session_id: string;
  started_at: Date;
  cap_da: number;
  wanted_da: number | null;
  turned_at: Date | null;
  applied_da: number | null;
  held_da: number | null;
  lease_until: Date | null;
  state: LimitState;
  version: string;
  attempt: number;
  due_at: Date | null;
  flight: (Omit<Flight, 'until' | 'leaseUntil'> & { until: string; leaseUntil: string }) | null;
  needs_no: string;
  applied_needs_no: string;
  schedule: ChargingSchedule | null;
}

/** Limits of a site; read under the site's lock when they are to be changed. */
export async function limitsOfSite(tx: Tx, tenant: string, locationId: string): Promise<SessionLimit[]> {
  const rows = await tx.query<Row>('select * from session_limit where tenant = $1 and location_id = $2', [
    tenant,
    locationId,
  ]);
  return rows.map(toLimit);
}

export async function findLimits(
  tx: Tx,
  tenant: string,
  sessionIds: readonly string[],
): Promise<SessionLimit[]> {
  const rows = await tx.query<Row>(
    'select * from session_limit where tenant = $1 and session_id = any($2::uuid[])',
    [tenant, sessionIds],
  );
  return rows.map(toLimit);
}

/** Sessions of a station that have a limit. */
export async function limitsOfStation(tx: Tx, tenant: string, stationId: string): Promise<string[]> {
  const rows = await tx.query<{ session_id: string }>(
    `select l.session_id from session_limit l join managed_session m using (tenant, session_id)
      where l.tenant = $1 and m.station_id = $2`,
    [tenant, stationId],
  );
  return rows.map((row) => row.session_id);
}

export async function saveLimits(
  tx: Tx,
  tenant: string,
  locationId: string,
  limits: readonly SessionLimit[],
): Promise<void> {
  if (limits.length === 0) return;
  await tx.query(
    `insert into session_limit (tenant, location_id, session_id, started_at, cap_da, wanted_da, applied_da, held_da,
        lease_until, state, version, attempt, due_at, flight, needs_no, applied_needs_no, schedule,
        turned_at)
      select $1, $2, * from unnest($3::uuid[], $4::timestamptz[], $5::int[], $6::int[], $7::int[], $8::int[],
        $9::timestamptz[], $10::text[], $11::bigint[], $12::int[], $13::timestamptz[], $14::jsonb[], $15::bigint[],
        $16::bigint[], $17::jsonb[], $18::timestamptz[])
      on conflict on constraint session_limit_pk do update set cap_da = excluded.cap_da,
        wanted_da = excluded.wanted_da, applied_da = excluded.applied_da, held_da = excluded.held_da,
        lease_until = excluded.lease_until, state = excluded.state, version = excluded.version,
        attempt = excluded.attempt, due_at = excluded.due_at, flight = excluded.flight, needs_no = excluded.needs_no,
        applied_needs_no = excluded.applied_needs_no, schedule = excluded.schedule, turned_at = excluded.turned_at`,
    [
      tenant,
      locationId,
      limits.map((limit) => limit.sessionId),
      limits.map((limit) => limit.startedAt),
      limits.map((limit) => limit.capDa),
      limits.map((limit) => limit.wantedDa),
      limits.map((limit) => limit.appliedDa),
      limits.map((limit) => limit.heldDa),
      limits.map((limit) => limit.leaseUntil),
      limits.map((limit) => limit.state),
      limits.map((limit) => limit.version),
      limits.map((limit) => limit.attempt),
      limits.map((limit) => limit.dueAt),
      limits.map((limit) => (limit.flight ? JSON.stringify(limit.flight) : null)),
      limits.map((limit) => limit.needsNo),
      limits.map((limit) => limit.appliedNeedsNo),
      limits.map((limit) => (limit.schedule ? JSON.stringify(limit.schedule) : null)),
      limits.map((limit) => limit.turnedAt),
    ],
  );
}

export async function deleteLimits(tx: Tx, tenant: string, sessionIds: readonly string[]): Promise<void> {
  if (sessionIds.length === 0) return;
  await tx.query('delete from session_limit where tenant = $1 and session_id = any($2::uuid[])', [
    tenant,
    sessionIds,
  ]);
}

function toLimit(row: Row): SessionLimit {
  return {
    sessionId: row.session_id,
    startedAt: row.started_at,
    capDa: row.cap_da,
    wantedDa: row.wanted_da,
    turnedAt: row.turned_at,
    appliedDa: row.applied_da,
    heldDa: row.held_da,
    leaseUntil: row.lease_until,
    state: row.state,
    version: Number(row.version),
    attempt: row.attempt,
    dueAt: row.due_at,
    flight: row.flight && toFlight(row.flight),
    needsNo: Number(row.needs_no),
    appliedNeedsNo: Number(row.applied_needs_no),
    schedule: row.schedule,
  };
}

function toFlight(stored: NonNullable<Row['flight']>): Flight {
  return { ...stored, until: new Date(stored.until), leaseUntil: new Date(stored.leaseUntil) };
}
