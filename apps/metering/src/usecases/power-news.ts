import type { Tx } from '@kilowatch/platform';

/** The id that stands for the whole tenant among those of places. */
export const WHOLE_TENANT = 'all';

/** Where the power changed. */
export interface PowerPlaces {
  readonly tenant: string;
  readonly stationId: string;
  readonly evseId: string;
  readonly locationId: string;
}

/** Tells who watches the power of a place, each place once; what comes within a moment of it goes out as one (`LiveFeed`). */
export function tellPower(tx: Tx, changed: Iterable<PowerPlaces>): void {
  const told = new Set<string>();
  for (const { tenant, stationId, evseId, locationId } of changed) {
    for (const id of [stationId, evseId, locationId, WHOLE_TENANT]) {
      const key = `${tenant}|${id}`;
      if (id === '' || told.has(key)) continue;
      told.add(key);
      tx.live('power', id, undefined, tenant);
    }
  }
}
