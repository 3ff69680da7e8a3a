import type { Tx } from '@kilowatch/platform';

export interface StationRow {
  readonly tenant: string;
  readonly stationId: string;
  readonly locationId: string;
  readonly online: boolean;
  readonly version: number;
}

/** True when this is news: not when a newer version is held. */
export async function saveStation(tx: Tx, station: StationRow): Promise<boolean> {
  const rows = await tx.query(
    `insert into station as held (tenant, station_id, location_id, online, version) values ($1, $2, $3, $4, $5)
      on conflict on constraint station_pk do update set location_id = excluded.location_id, online = excluded.online,
        version = excluded.version
      where held.version < excluded.version
      returning 1`,
    [station.tenant, station.stationId, station.locationId, station.online, station.version],
  );
  return rows.length > 0;
}
