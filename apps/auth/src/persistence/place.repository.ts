import type { Tx } from '@kilowatch/platform';

export interface KnownEvse {
  readonly number: number;
  /** AC_1_PHASE | AC_3_PHASE | DC, of its connectors. */
  readonly powerTypes: readonly string[];
}

export interface KnownStation {
  readonly stationId: string;
  readonly identity: string;
  readonly locationId: string;
  readonly evses: readonly KnownEvse[];
}

export interface KnownLocation {
  readonly locationId: string;
  readonly name: string;
  /** IANA */
  readonly timeZone: string;
  /** Degrees, WGS 84. */
  readonly latitude: number;
  readonly longitude: number;
}

/** Takes over what sessions said of a location unless a newer version is held. */
export async function saveLocation(
  tx: Tx,
  tenant: string,
  place: KnownLocation,
  version: number,
): Promise<void> {
  await tx.query(
    `insert into known_location as held (tenant, location_id, name, time_zone, latitude, longitude, version)
      values ($1, $2, $3, $4, $5, $6, $7)
      on conflict on constraint known_location_pk do update set name = excluded.name, time_zone = excluded.time_zone,
        latitude = excluded.latitude, longitude = excluded.longitude, version = excluded.version
      where held.version < excluded.version`,
    [tenant, place.locationId, place.name, place.timeZone, place.latitude, place.longitude, version],
  );
}

/** `version` 0: what a location said of its stations; any word of a station itself is newer. */
export async function saveStations(
  tx: Tx,
  tenant: string,
  stations: readonly KnownStation[],
  version: number,
): Promise<void> {
  if (stations.length === 0) return;
  await tx.query(
    `insert into known_station as held (tenant, station_id, identity, location_id, evses, version)
      select $1, s.*, $6 from unnest($2::uuid[], $3::text[], $4::uuid[], $5::jsonb[]) s
      on conflict on constraint known_station_pk do update set identity = excluded.identity,
        location_id = excluded.location_id, evses = excluded.evses, version = excluded.version
      where held.version < excluded.version`,
    [
      tenant,
      stations.map(({ stationId }) => stationId),
      stations.map(({ identity }) => identity),
      stations.map(({ locationId }) => locationId),
      stations.map(({ evses }) => JSON.stringify(evses)),
      version,
    ],
  );
}

export interface StationSite {
  readonly stationId: string;
  readonly locationId: string;
  /** Undefined while nobody has told of the location. */
  readonly latitude: number | undefined;
  readonly longitude: number | undefined;
}

/** Where stations stand, by station; those that nobody told of are missing. */
export async function sitesOf(
  tx: Tx,
  tenant: string,
  stationIds: readonly string[],
): Promise<Map<string, StationSite>> {
  const rows = await tx.query<{
    station_id: string;
    location_id: string;
    latitude: number | null;
    longitude: number | null;
  }>(
    `select s.station_id, s.location_id, l.latitude, l.longitude from known_station s
        left join known_location l on l.tenant = s.tenant and l.location_id = s.location_id
      where s.tenant = $1 and s.station_id = any ($2::uuid[])`,
    [tenant, stationIds],
  );
  return new Map(
    rows.map((row) => [
      row.station_id,
      {
        stationId: row.station_id,
        locationId: row.location_id,
        latitude: row.latitude ?? undefined,
        longitude: row.longitude ?? undefined,
      },
    ]),
  );
}
