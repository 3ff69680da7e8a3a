import type { Tx } from '@kilowatch/platform';

export interface ConnectorPlace {
  readonly connectorId: string;
  /** Empty: its station was not told of since we keep it. */
  readonly stationId: string;
  readonly stationIdentity: string;
  readonly locationId: string;
  readonly timeZone: string;
}

export interface NamedPlace extends ConnectorPlace {
  /** Empty: its location was not told of since we keep it. */
  readonly locationName: string;
}

/** `maxPowerW`: 0 when it is not known. */
export interface RatedConnector extends ConnectorPlace {
  readonly maxPowerW: number;
}

/** Takes over where connectors are unless a newer version of their station is held. */
export async function saveConnectors(
  tx: Tx,
  tenant: string,
  places: readonly RatedConnector[],
  version: number,
): Promise<void> {
  if (places.length === 0) return;
  await tx.query(
    `insert into connector_place as held (tenant, connector_id, location_id, time_zone, station_id, station_identity,
        max_power_w, version)
      select $1, k.*, $8 from (select distinct * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[])) k
      on conflict on constraint connector_place_pk do update set location_id = excluded.location_id,
        time_zone = excluded.time_zone, station_id = excluded.station_id,
        station_identity = excluded.station_identity, max_power_w = excluded.max_power_w,
        version = excluded.version
      where held.version < excluded.version`,
    [
      tenant,
      places.map((place) => place.connectorId),
      places.map((place) => place.locationId),
      places.map((place) => place.timeZone),
      places.map((place) => place.stationId),
      places.map((place) => place.stationIdentity),
      places.map((place) => place.maxPowerW),
      version,
    ],
  );
}

export async function saveLocationZone(
  tx: Tx,
  tenant: string,
  locationId: string,
  { name, timeZone, country }: Readonly<Record<'name' | 'timeZone' | 'country', string>>,
  version: number,
): Promise<void> {
  await tx.query(
    `insert into location_zone as held (tenant, location_id, time_zone, version, country, name) values ($1, $2, $3, $4, $5, $6)
      on conflict on constraint location_zone_pk do update set time_zone = excluded.time_zone, country = excluded.country,
        name = excluded.name, version = excluded.version
      where held.version < excluded.version`,
    [tenant, locationId, timeZone, version, country, name],
  );
}

/** The location's own word for its zone before the station's. */
export async function placeOfConnector(
  tx: Tx,
  tenant: string,
  connectorId: string,
): Promise<NamedPlace | undefined> {
  const [row] = await tx.query<NamedPlace>(
    `select c.connector_id as "connectorId", c.station_id as "stationId", c.station_identity as "stationIdentity",
        c.location_id as "locationId", coalesce(l.name, '') as "locationName", coalesce(l.time_zone, c.time_zone) as "timeZone" from connector_place c
      left join location_zone l on l.tenant = c.tenant and l.location_id = c.location_id
      where c.tenant = $1 and c.connector_id = $2`,
    [tenant, connectorId],
  );
  return row;
}
