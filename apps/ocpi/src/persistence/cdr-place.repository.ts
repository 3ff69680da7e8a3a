import type { Tx } from '@kilowatch/platform';
import type { CdrLocation } from '../domain/cdr.js';

export async function findPlaces(
  tx: Tx,
  tenant: string,
  cdrIds: readonly string[],
): Promise<Map<string, CdrLocation>> {
  const rows = await tx.query<{ cdr_id: string; place: CdrLocation }>(
    'select cdr_id, place from cdr_place where tenant = $1 and cdr_id = any($2)',
    [tenant, cdrIds],
  );
  return new Map(rows.map((row) => [row.cdr_id, row.place]));
}

/** Freezes the places; returns what holds now, the first word where two were said at once. */
export async function keepPlaces(
  tx: Tx,
  tenant: string,
  places: ReadonlyMap<string, CdrLocation>,
): Promise<Map<string, CdrLocation>> {
  const ids = [...places.keys()];
  await tx.query(
    `insert into cdr_place (tenant, cdr_id, place) select $1, * from unnest($2::text[], $3::jsonb[])
      on conflict on constraint cdr_place_pk do nothing`,
    [tenant, ids, [...places.values()].map((place) => JSON.stringify(place))],
  );
  return findPlaces(tx, tenant, ids);
}
