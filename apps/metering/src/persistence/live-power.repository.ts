import type { Tx } from '@kilowatch/platform';

/** What power is added up over. */
export type PowerPlace = 'LOCATION' | 'STATION' | 'EVSE';

export interface PowerSum {
  readonly powerW: number;
  readonly activeSessions: number;
}

const COLUMNS: Readonly<Record<PowerPlace, string>> = {
  LOCATION: 'location_id',
  STATION: 'station_id',
  EVSE: 'evse_id',
};

/** The newest power of each running session, its readings being under its transaction, its EVSE, or no name (`liveReadingsOf`). */
const OF_RUNNING = `from metered_session s
  left join lateral (select newest.power_w, newest.received_at from (values (coalesce(s.station_ref, s.transaction_ref), 0),
      (coalesce(s.station_ref, s.transaction_ref), s.evse_number), ('', nullif(s.evse_number, 0))) under (ref, evse)
    cross join lateral (select power_w, measured_at, received_at from reading r where r.tenant = s.tenant
      and r.station_id = s.station_id and r.transaction_ref = under.ref and r.evse_number = under.evse
      and r.measured_at >= case when under.ref = '' or s.station_ref is not null then s.started_at else s.started_at - interval '8 days' end
      and r.power_w is not null order by r.measured_at desc limit 1) newest
    order by newest.measured_at desc limit 1) last on last.received_at > $2
  where s.tenant = $1 and s.status = 'ACTIVE'`;

/** @param since what came before that says nothing about now */
export async function livePower(tx: Tx, tenant: string, since: Date): Promise<PowerSum> {
  const rows = await tx.query<{ power_w: string | null; sessions: string }>(
    `select sum(last.power_w) as power_w, count(*) as sessions ${OF_RUNNING}`,
    [tenant, since],
  );
  return sumOf(rows[0]);
}

/** By id; places at which nothing runs are missing. */
export async function livePowerAt(
  tx: Tx,
  tenant: string,
  place: PowerPlace,
  ids: readonly string[],
  since: Date,
): Promise<Map<string, PowerSum>> {
  const column = COLUMNS[place];
  const rows = await tx.query<{ id: string; power_w: string | null; sessions: string }>(
    `select s.${column} as id, sum(last.power_w) as power_w, count(*) as sessions ${OF_RUNNING}
      and s.${column} = any ($3::${place === 'STATION' ? 'uuid' : 'text'}[]) group by 1`,
    [tenant, since, ids],
  );
  return new Map(rows.map((row) => [row.id, sumOf(row)]));
}

function sumOf(row: { power_w: string | null; sessions: string } | undefined): PowerSum {
  return { powerW: Number(row?.power_w ?? 0), activeSessions: Number(row?.sessions ?? 0) };
}
