import { Injectable } from '@nestjs/common';
import { findStationModel, type StationModel } from '@kilowatch/ocpp';
import {
  connection,
  Database,
  pageRequest,
  tenantScope,
  type Connection,
  type Principal,
} from '@kilowatch/platform';
import { AUTHORIZATION_SETTINGS } from '../domain/authorization-settings.js';
import { missingPages } from '../domain/report-pages.js';
import { isDrift, standingOf, type Standing, type StationMoment } from '../domain/station-settings.js';
import { SettingRepository, wantedOf, type SettingRow } from '../persistence/setting.repository.js';
import { StationReportRepository, type ReportRow } from '../persistence/station-report.repository.js';
import { StationVariableRepository } from '../persistence/station-variable.repository.js';
import { nameOfRow } from '../persistence/variable-place.js';
import type { PageArguments } from './read-sessions.js';

export { nameOfRow };
export type { SettingRow };

export interface ShownSetting {
  readonly row: SettingRow;
  /** Null when nothing is wanted of it. */
  readonly standing: Standing | null;
}

export type ShownReport = ReportRow & { readonly missing: number };

export interface ShownCapabilities {
  readonly model: StationModel;
  readonly featureProfiles: readonly string[];
  readonly itemsPerMessage: number | null;
}

export interface SettingsPage extends PageArguments {
  readonly search?: string | null;
  readonly driftOnly?: boolean | null;
}

type OfStation = { readonly id: string } & StationMoment;

/** The settings of a station, for operators: what it said, what is wanted, and whether they agree. */
@Injectable()
export class ReadStationSettings {
  constructor(
    private readonly database: Database,
    private readonly rows: SettingRepository,
    private readonly reports: StationReportRepository,
    private readonly variables: StationVariableRepository,
  ) {}

  async list(
    principal: Principal,
    station: OfStation,
    args: SettingsPage,
  ): Promise<Connection<ShownSetting>> {
    const page = pageRequest(args, ['text']);
    const search = args.search?.trim() || null;
    const rows = args.driftOnly
      ? drifted(await this.wanted(principal, [station.id]), station, { ...page, search })
      : await this.read(principal, (tx) =>
          this.rows.list(tx, principal.tenant, station.id, { ...page, search }),
        );
    const shown = rows.map((row) => shownOf(row, station));
    return connection(page, shown, ({ row }) => [row.setting_key]);
  }

  /** In the order of the keys. */
  async named(principal: Principal, station: OfStation, keys: readonly string[]): Promise<ShownSetting[]> {
    const rows = (await this.wanted(principal, [station.id])).get(station.id) ?? [];
    return keys.flatMap((key) => {
      const row = rows.find((each) => each.setting_key === key);
      return row ? [shownOf(row, station)] : [];
    });
  }

  /** What decides whom each station lets charge without asking. */
  async authorization(
    principal: Principal,
    stations: readonly OfStation[],
  ): Promise<Map<string, ShownSetting[]>> {
    const ids = stations.map(({ id }) => id);
    const rows = await this.read(principal, (tx) =>
      this.rows.namedOf(tx, principal.tenant, ids, AUTHORIZATION_SETTINGS),
    );
    return new Map(
      stations.map((station) => [
        station.id,
        (rows.get(station.id) ?? []).map((row) => shownOf(row, station)),
      ]),
    );
  }

  /** How many settings of each station are not as wanted. */
  async driftCounts(principal: Principal, stations: readonly OfStation[]): Promise<Map<string, number>> {
    const wanted = await this.wanted(
      principal,
      stations.map(({ id }) => id),
    );
    return new Map(
      stations.map((station) => {
        const rows = wanted.get(station.id) ?? [];
        return [station.id, rows.filter((row) => isOff(row, station)).length];
      }),
    );
  }

  async reportsOf(principal: Principal, stationId: string): Promise<ShownReport[]> {
    const rows = await this.read(principal, (tx) => this.reports.list(tx, principal.tenant, stationId));
    return rows.map((row) => ({
      ...row,
      missing: missingPages({ pages: row.pages, lastPage: row.last_page }),
    }));
  }

  async capabilities(
    principal: Principal,
    { id, vendor, model }: { id: string; vendor: string; model: string },
  ): Promise<ShownCapabilities> {
    const said = await this.read(principal, (tx) =>
      this.variables.values(tx, principal.tenant, id, ['SupportedFeatureProfiles', 'ItemsPerMessage']),
    );
    const profiles = said.get('.supportedfeatureprofiles.') ?? '';
    const items = Number(said.get('devicedatactrlr.itemspermessage.setvariables'));
    return {
      model: findStationModel(vendor, model),
      featureProfiles: profiles
        .split(',')
        .map((word) => word.trim())
        .filter((word) => word !== ''),
      itemsPerMessage: items > 0 ? items : null,
    };
  }

  private wanted(principal: Principal, stationIds: readonly string[]): Promise<Map<string, SettingRow[]>> {
    return this.read(principal, (tx) => this.rows.wantedOf(tx, principal.tenant, stationIds));
  }

  private read<T>({ tenant }: Principal, fn: Parameters<typeof this.database.read<T>>[1]): Promise<T> {
    return this.database.read(tenantScope(tenant), fn);
  }
}

/** What is wanted of one station is a short list: filtered here, by the one rule there is. */
function drifted(
  wanted: ReadonlyMap<string, SettingRow[]>,
  station: OfStation,
  page: ReturnType<typeof pageRequest> & { search: string | null },
): SettingRow[] {
  const after = String(page.after?.[0] ?? '');
  const search = page.search?.toLowerCase() ?? '';
  return (wanted.get(station.id) ?? [])
    .filter((row) => isOff(row, station) && row.setting_key > after)
    .filter((row) => `${row.component}.${row.variable}`.toLowerCase().includes(search))
    .sort((a, b) => (a.setting_key < b.setting_key ? -1 : 1))
    .slice(0, page.limit);
}

function isOff(row: SettingRow, station: OfStation): boolean {
  const { standing } = shownOf(row, station);
  return standing !== null && isDrift(standing);
}

function shownOf(row: SettingRow, station: StationMoment): ShownSetting {
  const wanted = wantedOf(row);
  return { row, standing: wanted && standingOf(wanted, station) };
}
