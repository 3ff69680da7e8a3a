import { Injectable } from '@nestjs/common';
import { isUuid } from '@kilowatch/kernel';
import type { Tx } from '@kilowatch/platform';
import { LOCATION_JSON, locationView, STATION_JSON, stationView } from './place-view.js';
import type { LocationView, StationJson, StationView } from './place-view.js';
import type { Json } from './session-row.js';

export interface ListingQuery {
  readonly offset: number;
  readonly limit: number;
  /** Inclusive. */
  readonly from: Date | undefined;
  /** Exclusive (OCPI date_to). */
  readonly to: Date | undefined;
  /** Empty = all. */
  readonly locationId: string;
  readonly publishedOnly: boolean;
  /** No location was last updated before. */
  readonly raisedAt: Date | undefined;
}

export interface ListedLocation {
  readonly location: LocationView;
  readonly stations: readonly StationView[];
}

// last_updated of a location is that of whatever changed last below it; computed, so that a status change of one
// connector does not write the row all stations of a site share.
const TOUCHED = `touched AS (
  SELECT l.*, greatest(l.last_updated, $6::timestamptz,
    (SELECT max(st.last_updated) FROM station st WHERE st.tenant = l.tenant AND st.location_id = l.id),
    (SELECT max(c.last_updated) FROM connector c JOIN station st ON st.tenant = c.tenant AND st.id = c.station_id
      WHERE st.tenant = l.tenant AND st.location_id = l.id)) AS raised
  FROM location l WHERE l.tenant = $1 AND ($2::uuid IS NULL OR l.id = $2::uuid) AND (l.published OR NOT $5)),
  matching AS (SELECT * FROM touched WHERE ($3::timestamptz IS NULL OR raised >= $3::timestamptz)
    AND ($4::timestamptz IS NULL OR raised < $4::timestamptz))`;

/** Pages by offset and limit, oldest first, as OCPI asks for them. */
@Injectable()
export class LocationListingRepository {
  async list(
    tx: Tx,
    tenant: string,
    query: ListingQuery,
  ): Promise<{ items: ListedLocation[]; total: number }> {
    if (query.locationId !== '' && !isUuid(query.locationId)) return { items: [], total: 0 };
    const params = [
      tenant,
      query.locationId || null,
      query.from ?? null,
      query.to ?? null,
      query.publishedOnly,
      query.raisedAt ?? null,
    ];
    const [count] = await tx.query<{ total: number }>(
      `WITH ${TOUCHED} SELECT count(*)::int AS total FROM matching`,
      params,
    );
    const rows = await tx.query<{
      location: Json<LocationView>;
      raised: Date;
      stations: readonly StationJson[] | null;
    }>(
      `WITH ${TOUCHED} SELECT ${LOCATION_JSON} AS location, l.raised,
         (SELECT jsonb_agg(${STATION_JSON} ORDER BY st.created_at, st.id) FROM station st
           WHERE st.tenant = l.tenant AND st.location_id = l.id) AS stations
       FROM matching l ORDER BY l.created_at, l.id OFFSET $7 LIMIT $8`,
      [...params, query.offset, query.limit],
    );
    const items = rows.map((row) => ({
      location: { ...locationView(row.location), lastUpdated: row.raised },
      stations: (row.stations ?? []).map(stationView),
    }));
    return { items, total: count!.total };
  }
}
