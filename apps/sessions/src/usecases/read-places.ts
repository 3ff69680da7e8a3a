import { Injectable } from '@nestjs/common';
import {
  connection,
  Database,
  mayAll,
  pageRequest,
  tenantScope,
  type Connection,
  type Principal,
} from '@kilowatch/platform';
import type { ConnectorView, LocationView, StationView } from '../persistence/place-view.js';
import { PlaceRepository, type PlaceScope, type StationFilter } from '../persistence/place.repository.js';
import {
  StationVariableRepository,
  variableKey,
  VARIABLE_KEY,
  type StationVariableRow,
} from '../persistence/station-variable.repository.js';
import type { PageArguments } from './read-sessions.js';

export type { ConnectorView, LocationView, StationFilter, StationVariableRow, StationView };

type Counted<T> = Connection<T> & { totalCount: () => Promise<number> };

/** Locations, stations and connectors as a person may see them: drivers those of published locations. */
@Injectable()
export class ReadPlaces {
  constructor(
    private readonly database: Database,
    private readonly repository: PlaceRepository,
    private readonly variableRepository: StationVariableRepository,
  ) {}

  locations(
    principal: Principal,
    ids: readonly string[],
    scope = scopeOf(principal),
  ): Promise<LocationView[]> {
    return this.read(principal, (tx) => this.repository.locations(tx, scope, ids));
  }

  stations(principal: Principal, ids: readonly string[], scope = scopeOf(principal)): Promise<StationView[]> {
    return this.read(principal, (tx) => this.repository.stations(tx, scope, ids));
  }

  stationsOfLocations(principal: Principal, locationIds: readonly string[]): Promise<StationView[]> {
    return this.read(principal, (tx) =>
      this.repository.stationsOfLocations(tx, scopeOf(principal), locationIds),
    );
  }

  connectors(
    principal: Principal,
    ids: readonly string[],
    scope = scopeOf(principal),
  ): Promise<ConnectorView[]> {
    return this.read(principal, (tx) => this.repository.connectors(tx, scope, ids));
  }

  async listLocations(principal: Principal, args: PageArguments): Promise<Counted<LocationView>> {
    const page = pageRequest(args, ['text']);
    const scope = scopeOf(principal);
    const rows = await this.read(principal, (tx) => this.repository.listLocations(tx, scope, page));
    const totalCount = () => this.read(principal, (tx) => this.repository.countLocations(tx, scope));
    return { ...connection(page, rows, (row) => [row.name]), totalCount };
  }

  async listStations(
    principal: Principal,
    filter: StationFilter,
    args: PageArguments,
  ): Promise<Counted<StationView>> {
    const page = pageRequest(args, ['text']);
    const scope = scopeOf(principal);
    const rows = await this.read(principal, (tx) => this.repository.listStations(tx, scope, filter, page));
    const totalCount = () => this.read(principal, (tx) => this.repository.countStations(tx, scope, filter));
    return { ...connection(page, rows, (row) => [row.identity.toLowerCase()]), totalCount };
  }

  async variables(
    principal: Principal,
    stationId: string,
    args: PageArguments,
  ): Promise<Connection<StationVariableRow>> {
    const page = pageRequest(args, VARIABLE_KEY);
    const rows = await this.read(principal, (tx) =>
      this.variableRepository.list(tx, principal.tenant, stationId, page),
    );
    return connection(page, rows, variableKey);
  }

  private read<T>(principal: Principal, fn: Parameters<typeof this.database.read<T>>[1]): Promise<T> {
    return this.database.read(tenantScope(principal.tenant), fn);
  }
}

function scopeOf(principal: Principal): PlaceScope {
  return { tenant: principal.tenant, publishedOnly: !mayAll(principal, 'stations:read') };
}

/** For what stands behind something the person may see anyway, such as the station of an own session. */
export function ofTenant(principal: Principal): PlaceScope {
  return { tenant: principal.tenant, publishedOnly: false };
}
