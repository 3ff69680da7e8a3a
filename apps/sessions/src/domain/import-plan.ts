/**
 * What an import does to each location and station: create, update or nothing. The same file twice changes nothing. Connectors that
 * an import leaves out stay: a charger that reports them must not lose them to a short list.
 */
import {
  firstWithSameIdentity,
  locationEntry,
  locationProblem,
  stationProblem,
  type ConnectorEntry,
  type EntryProblem,
  type LocationEntry,
  type Loose,
  type StationEntry,
} from './station-import.js';

/** A location as it will be; version 0 = not stored yet. */
export interface PlannedLocation {
  readonly id: string;
  readonly version: number;
  readonly entry: LocationEntry;
}

export interface LocationPlan {
  /** By name: all that stations may stand at. */
  readonly all: ReadonlyMap<string, PlannedLocation>;
  /** Ids of those the import itself changes. */
  readonly changed: ReadonlySet<string>;
  readonly problems: readonly (EntryProblem & { readonly index: number })[];
}

export interface StoredStationEntry {
  readonly identity: string;
  readonly name: string;
  readonly locationId: string;
  readonly securityProfile: number;
  readonly allowMissingSubprotocol: boolean;
  readonly connectors: readonly ConnectorEntry[];
}

export type ImportEffect = 'created' | 'updated' | 'unchanged';

export function stationEffect(
  entry: StationEntry,
  locationId: string,
  stored: StoredStationEntry | undefined,
): ImportEffect {
  if (!stored) return 'created';
  const same =
    stored.identity === entry.identity &&
    stored.name === entry.name &&
    stored.locationId === locationId &&
    stored.securityProfile === entry.securityProfile &&
    stored.allowMissingSubprotocol === entry.allowMissingSubprotocol &&
    entry.connectors.every((connector) => stored.connectors.some((held) => sameConnector(held, connector)));
  return same ? 'unchanged' : 'updated';
}

export function locationEffect(entry: LocationEntry, stored: LocationEntry | undefined): ImportEffect {
  if (!stored) return 'created';
  const keys = Object.keys(entry) as (keyof LocationEntry)[];
  return keys.every((key) => entry[key] === stored[key]) ? 'unchanged' : 'updated';
}

function sameConnector(a: ConnectorEntry, b: ConnectorEntry): boolean {
  return (
    a.evseNumber === b.evseNumber &&
    a.number === b.number &&
    a.standard === b.standard &&
    a.powerType === b.powerType &&
    a.maxCurrentA === b.maxCurrentA &&
    a.maxVoltageV === b.maxVoltageV
  );
}

export function locationNames(
  given: readonly Loose<LocationEntry>[],
  stations: readonly StationEntry[],
): string[] {
  return [...new Set([...given.map(nameOf), ...stations.map((station) => station.location)])];
}

/** A location that only a station names is made with defaults; one whose own entry was refused is not. */
export function planLocations(
  given: readonly Loose<LocationEntry>[],
  stations: readonly StationEntry[],
  stored: ReadonlyMap<string, PlannedLocation>,
  newId: () => string,
): LocationPlan {
  const all = new Map(stored);
  const changed = new Set<string>();
  const refused = new Set<string>();
  const problems = given.flatMap((loose, index) => {
    const held = all.get(nameOf(loose));
    const entry = locationEntry(loose, held?.entry);
    const problem = locationProblem(entry);
    if (problem) {
      refused.add(entry.name);
      return [{ index, ...problem }];
    }
    if (locationEffect(entry, held?.entry) !== 'unchanged') {
      const location = { entry, id: held?.id ?? newId(), version: held?.version ?? 0 };
      all.set(entry.name, location);
      changed.add(location.id);
    }
    return [];
  });
  for (const { location: name } of stations) {
    const entry = locationEntry({ name });
    if (all.has(name) || refused.has(name) || locationProblem(entry)) continue;
    all.set(name, { entry, id: newId(), version: 0 });
  }
  return { all, changed, problems };
}

export function entryProblem(
  stations: readonly StationEntry[],
  index: number,
  locations: ReadonlyMap<string, PlannedLocation>,
): EntryProblem | undefined {
  const station = stations[index]!;
  const problem = stationProblem(station);
  if (problem) return problem;
  if (firstWithSameIdentity(stations, index) !== undefined) {
    return { code: 'STATION_TWICE', message: 'This identity comes twice in the import.' };
  }
  if (!locations.has(station.location)) {
    return { code: 'STATION_LOCATION', message: 'The location of this station was refused.' };
  }
  return undefined;
}

function nameOf(location: Loose<LocationEntry>): string {
  return (location.name ?? '').trim();
}
