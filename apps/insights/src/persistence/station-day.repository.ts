import { gathered, type Tx } from '@kilowatch/platform';
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

export interface ShareOfDay extends DayShare {
  readonly sessionId: string;
  readonly stationId: string;
  readonly version: number;
}

export const saveShare = gathered(
  ({ sessionId }: ShareOfDay) => sessionId,
  async (tx, tenant, shares) => {
    await tx.query(
      `insert into session_share as held (tenant, session_id, station_id, day, charging_ms, idle_ms, version)
        select $1, * from unnest($2::uuid[], $3::uuid[], $4::date[], $5::bigint[], $6::bigint[], $7::bigint[])
        on conflict on constraint session_share_pk do update set day = excluded.day,
          charging_ms = excluded.charging_ms, idle_ms = excluded.idle_ms, version = excluded.version
        where held.version < excluded.version`,
      [
        tenant,
        shares.map(({ sessionId }) => sessionId),
        shares.map(({ stationId }) => stationId),
        shares.map(({ day }) => day),
        shares.map(({ chargingMs }) => chargingMs),
        shares.map(({ idleMs }) => idleMs),
        shares.map(({ version }) => version),
      ],
    );
  },
);

export interface EnergyOfSession {
  readonly sessionId: string;
  readonly energyMwh: number;
  readonly measured: boolean;
  readonly version: number;
}

export const saveEnergy = gathered(
  ({ sessionId }: EnergyOfSession) => sessionId,
  async (tx, tenant, energies) => {
    await tx.query(
      `insert into session_energy as held (tenant, session_id, energy_mwh, measured, version)
        select $1, * from unnest($2::uuid[], $3::bigint[], $4::bool[], $5::bigint[])
        on conflict on constraint session_energy_pk do update set energy_mwh = excluded.energy_mwh,
          measured = excluded.measured, version = excluded.version
        where held.version < excluded.version`,
      [
        tenant,
        energies.map(({ sessionId }) => sessionId),
        energies.map(({ energyMwh }) => energyMwh),
        energies.map(({ measured }) => measured),
        energies.map(({ version }) => version),
      ],
    );
  },
);

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
