import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import { invalid, type Clock, type IdSource, type TenantId } from '@kilowatch/kernel';
import { CLOCK, Database, IDS, tenantScope, type Tx } from '@kilowatch/platform';
import {
  entryProblem,
  locationNames,
  planLocations,
  stationEffect,
  type ImportEffect,
  type PlannedLocation,
} from '../domain/import-plan.js';
import { foldIdentity } from '../domain/station-identity.js';
import {
  MAX_STATIONS,
  stationEntry,
  type ConnectorEntry,
  type EntryProblem,
  type LocationEntry,
  type Loose,
  type StationEntry,
} from '../domain/station-import.js';
import {
  ImportRepository,
  type StationToSave,
  type StoredStation,
} from '../persistence/import.repository.js';
import type { LocationView, StationView } from '../persistence/place-view.js';
import { PlaceRepository } from '../persistence/place.repository.js';
import { announceStation } from './announce-station.js';
import { locationMessage } from './place-messages.js';
import { StationCredentials } from './station-credentials.js';

export interface ImportInput {
  readonly locations?: readonly Loose<LocationEntry>[] | null;
  readonly stations: readonly (Loose<Omit<StationEntry, 'connectors'>> & {
    readonly connectors?: readonly Loose<ConnectorEntry>[] | null;
  })[];
}

export interface ImportProblem extends EntryProblem {
  readonly index: number;
}

export interface ImportResult {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly problems: readonly ImportProblem[];
  readonly stations: readonly StationView[];
}

interface PlannedStation {
  readonly index: number;
  readonly entry: StationEntry;
  readonly effect: ImportEffect;
  readonly id: string;
  readonly save: StationToSave;
  /** Id of the location that it leaves, which changes by that, too. */
  readonly from: string | undefined;
}

/** An event has room for the stations of a site of this size; beyond, StationChanged tells about each. */
const MAX_STATIONS_IN_EVENT = 200;

/**
 * Creates or updates locations by name and stations by identity, entry by entry: a bad one is reported, the others are
 * stored. Credentials go to auth after the commit; the same import again repairs what auth could not take.
 */
@Injectable()
export class ImportStations {
  constructor(
    private readonly database: Database,
    private readonly repository: ImportRepository,
    private readonly places: PlaceRepository,
    private readonly credentials: StationCredentials,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async import(tenant: TenantId, input: ImportInput): Promise<ImportResult> {
    const entries = input.stations.map(stationEntry);
    if (entries.length > MAX_STATIONS || (input.locations ?? []).length > MAX_STATIONS) {
      throw invalid('SESSIONS_IMPORT_SIZE', `At most ${MAX_STATIONS} stations at a time.`);
    }
    const problems: ImportProblem[] = [];
    const { planned, stations } = await this.database.transaction(tenantScope(tenant), (tx) => {
      problems.length = 0;
      return this.store(tx, tenant, input, entries, problems);
    });
    problems.push(...(await this.credentials.set(tenant, planned)));
    const count = (effect: ImportEffect) => planned.filter((station) => station.effect === effect).length;
    return {
      created: count('created'),
      updated: count('updated'),
      unchanged: count('unchanged'),
      problems: problems.sort((a, b) => a.index - b.index),
      stations,
    };
  }

  private async store(
    tx: Tx,
    tenant: TenantId,
    input: ImportInput,
    entries: readonly StationEntry[],
    problems: ImportProblem[],
  ): Promise<{ planned: PlannedStation[]; stations: StationView[] }> {
    const now = this.clock.now();
    this.repository.lock(tx, tenant);
    const stored = await this.repository.locationsByName(
      tx,
      tenant,
      locationNames(input.locations ?? [], entries),
    );
    const locations = planLocations(input.locations ?? [], entries, stored, () => this.ids.newId());
    problems.push(...locations.problems);
    const known = await this.repository.stationsByIdentity(
      tx,
      tenant,
      entries.map((entry) => entry.identity),
    );
    const planned = entries.flatMap((entry, index) => {
      const problem = entryProblem(entries, index, locations.all);
      if (problem) {
        problems.push({ index, ...problem });
        return [];
      }
      const location = locations.all.get(entry.location)!;
      return [this.plan(entry, index, location.id, known.get(foldIdentity(entry.identity)))];
    });
    const changed = planned.filter((station) => station.effect !== 'unchanged');
    const touched = new Set(
      changed.flatMap(({ save, from }) => (from ? [save.locationId, from] : [save.locationId])),
    );
    const others = [...touched].filter((id) => ![...locations.all.values()].some((one) => one.id === id));
    const changedLocations = [
      ...locations.all.values(),
      ...(await this.repository.locationsById(tx, tenant, others)),
    ]
      .filter((location) => locations.changed.has(location.id) || touched.has(location.id))
      .map((location) => ({ ...location, version: location.version + 1 }));
    await this.repository.saveLocations(tx, tenant, changedLocations, now);
    await this.repository.saveStations(
      tx,
      tenant,
      changed.map((station) => station.save),
      now,
    );
    const scope = { tenant, publishedOnly: false };
    const stations = await this.places.stations(
      tx,
      scope,
      planned.map((station) => station.id),
    );
    await this.announce(tx, scope, changedLocations, changed, now);
    return { planned, stations: inOrder(stations, planned) };
  }

  private plan(
    entry: StationEntry,
    index: number,
    locationId: string,
    stored: StoredStation | undefined,
  ): PlannedStation {
    const held = stored && {
      ...stored,
      ...stored.view,
      connectors: stored.view.evses.flatMap((evse) => evse.connectors),
    };
    const id = stored?.view.id ?? this.ids.newId();
    const evseIds = new Map(stored?.view.evses.map((evse) => [evse.number, evse.id]));
    for (const { evseNumber } of entry.connectors) {
      if (!evseIds.has(evseNumber)) evseIds.set(evseNumber, this.ids.newId());
    }
    const version = (stored?.view.version ?? 0) + 1;
    const newConnectorId = () => this.ids.newId();
    return {
      index,
      entry,
      id,
      effect: stationEffect(entry, locationId, held),
      save: { id, locationId, version, entry, evseIds, newConnectorId },
      from: stored?.view.locationId === locationId ? undefined : stored?.view.locationId,
    };
  }

  private async announce(
    tx: Tx,
    scope: { tenant: TenantId; publishedOnly: boolean },
    locations: readonly PlannedLocation[],
    changed: readonly PlannedStation[],
    now: Date,
  ): Promise<void> {
    const ids = locations.map((location) => location.id);
    const views = new Map((await this.places.locations(tx, scope, ids)).map((view) => [view.id, view]));
    const stations = await this.places.stationsOfLocations(tx, scope, ids);
    const changedIds = new Set(changed.map((station) => station.id));
    for (const station of stations) {
      if (changedIds.has(station.id)) announceStation(tx, station, views.get(station.locationId)!, now);
    }
    for (const location of views.values()) {
      announceLocation(
        tx,
        location,
        stations.filter((station) => station.locationId === location.id),
        now,
      );
    }
  }
}

function announceLocation(tx: Tx, location: LocationView, stations: readonly StationView[], now: Date): void {
  tx.publish(events.locationChanged, {
    aggregateId: location.id,
    aggregateVersion: location.version,
    occurredAt: now,
    payload: { location: locationMessage(location, stations.length > MAX_STATIONS_IN_EVENT ? [] : stations) },
  });
}

function inOrder(stations: readonly StationView[], planned: readonly PlannedStation[]): StationView[] {
  const byId = new Map(stations.map((station) => [station.id, station]));
  return planned.map((station) => byId.get(station.id)!);
}
