import type { Tx } from '@kilowatch/platform';

export interface StationRow {
  readonly tenant: string;
  readonly stationId: string;
  readonly locationId: string;
  readonly online: boolean;
  readonly vendor: string;
  readonly model: string;
  readonly version: number;
}

/** Undefined when it is no news: a newer version is held. */
export async function saveStation(tx: Tx, station: StationRow): Promise<{ wasOnline: boolean } | undefined> {
  const [row] = await tx.query<{ was_online: boolean | null }>(
    `with before as (select online from station where tenant = $1 and station_id = $2)
      insert into station as held (tenant, station_id, location_id, online, vendor, model, version)
      values ($1, $2, $3, $4, $5, $6, $7)
      on conflict on constraint station_pk do update set location_id = excluded.location_id, online = excluded.online,
        vendor = excluded.vendor, model = excluded.model, version = excluded.version
      where held.version < excluded.version
      returning (select online from before) as was_online`,
    [
      station.tenant,
      station.stationId,
      station.locationId,
      station.online,
      station.vendor,
      station.model,
      station.version,
    ],
  );
  return row && { wasOnline: row.was_online === true };
}

/** Empty names for a station we have not heard of. */
export async function saidModel(
  tx: Tx,
  tenant: string,
  stationId: string,
): Promise<{ vendor: string; model: string }> {
  const rows = await tx.query<{ vendor: string; model: string }>(
    'select vendor, model from station where tenant = $1 and station_id = $2',
    [tenant, stationId],
  );
  return rows[0] ?? { vendor: '', model: '' };
}

/** Undefined for a station we have not heard of. */
export async function locationOf(tx: Tx, tenant: string, stationId: string): Promise<string | undefined> {
  const rows = await tx.query<{ location_id: string }>(
    'select location_id from station where tenant = $1 and station_id = $2',
    [tenant, stationId],
  );
  return rows[0]?.location_id;
}
