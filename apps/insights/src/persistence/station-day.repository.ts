import type { Tx } from '@kilowatch/platform';
import type { DayShare } from '../domain/station-day.js';
import { ZERO_ENERGY_MWH } from '../domain/zero-energy.js';

export interface StationDay {
  readonly stationId: string;
  readonly day: string;
  readonly sessions: number;
  readonly energyMwh: number;
  readonly chargingMs: number;
  readonly idleMs: number;
  readonly failedSessions: number;
}

export async function saveShare(
  tx: Tx,
  tenant: string,
  session: { sessionId: string; stationId: string; version: number },
  share: DayShare,
): Promise<void> {
  await tx.query(
    `insert into session_share as held (tenant, session_id, station_id, day, charging_ms, idle_ms, version)
      values ($1, $2, $3, $4, $5, $6, $7)
      on conflict on constraint session_share_pk do update set day = excluded.day, charging_ms = excluded.charging_ms,
        idle_ms = excluded.idle_ms, version = excluded.version
      where held.version < excluded.version`,
    [
      tenant,
      session.sessionId,
      session.stationId,
      share.day,
      share.chargingMs,
      share.idleMs,
      session.version,
    ],
  );
}

export async function saveEnergy(
  tx: Tx,
  tenant: string,
  energy: { sessionId: string; energyMwh: number; measured: boolean; version: number },
): Promise<void> {
  await tx.query(
    `insert into session_energy as held (tenant, session_id, energy_mwh, measured, version) values ($1, $2, $3, $4, $5)
      on conflict on constraint session_energy_pk do update set energy_mwh = excluded.energy_mwh,
        measured = excluded.measured, version = excluded.version
      where held.version < excluded.version`,
    [tenant, energy.sessionId, energy.energyMwh, energy.measured, energy.version],
  );
}

/** Added up on reading: one row a session can come twice or late and counts once. Days inclusive, `YYYY-MM-DD`. */
export async function stationDays(
  tx: Tx,
  tenant: string,
  from: string,
  to: string,
  stationId: string | undefined,
): Promise<StationDay[]> {
  const rows = await tx.query<{
    station_id: string;
    day: string;
    sessions: string;
    energy_mwh: string;
    charging_ms: string;
    idle_ms: string;
    failed: string;
  }>(
    `select s.station_id, s.day::text as day, count(*) as sessions, coalesce(sum(e.energy_mwh), 0) as energy_mwh,
        sum(s.charging_ms) as charging_ms, sum(s.idle_ms) as idle_ms,
        count(*) filter (where e.energy_mwh < ${ZERO_ENERGY_MWH}) as failed
      from session_share s left join session_energy e using (tenant, session_id)
      where s.tenant = $1 and s.day between $2::date and $3::date and ($4::uuid is null or s.station_id = $4)
      group by s.station_id, s.day order by s.day, s.station_id`,
    [tenant, from, to, stationId ?? null],
  );
  return rows.map((row) => ({
    stationId: row.station_id,
    day: row.day,
    sessions: Number(row.sessions),
    energyMwh: Number(row.energy_mwh),
    chargingMs: Number(row.charging_ms),
    idleMs: Number(row.idle_ms),
    failedSessions: Number(row.failed),
  }));
}
