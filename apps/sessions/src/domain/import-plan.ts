/**
 * What an import does to one station: create, update or nothing. The same file twice changes nothing. Connectors that
 * an import leaves out stay: a charger that reports them must not lose them to a short list.
 */
import type { ConnectorEntry, LocationEntry, StationEntry } from './station-import.js';

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
