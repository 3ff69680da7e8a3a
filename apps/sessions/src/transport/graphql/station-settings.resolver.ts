import { Args, Context, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import {
  Allow,
  batchLoad,
  CurrentPrincipal,
  may,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import { OperatedStation } from '../../usecases/operated-station.js';
import {
  nameOfRow,
  ReadStationSettings,
  type SettingsPage,
  type ShownCapabilities,
  type ShownReport,
  type ShownSetting,
} from '../../usecases/read-station-settings.js';
import { RefreshStationSettings } from '../../usecases/refresh-station-settings.js';
import { SetStationRegistration } from '../../usecases/set-station-registration.js';
import { SetStationSettings, type SettingsInput } from '../../usecases/set-station-settings.js';
import { commandNode, mapNodes, stationNode, type StationNode } from './nodes.js';

/** Settings of a station, wanted and actual, and whether it may work here: null for drivers, who ask for whole stations too. */
@Resolver('Station')
@Allow('devices:read')
export class StationSettingsResolver {
  constructor(
    private readonly read: ReadStationSettings,
    private readonly write: SetStationSettings,
    private readonly ask: RefreshStationSettings,
    private readonly registrations: SetStationRegistration,
    private readonly stations: OperatedStation,
  ) {}

  @ResolveField()
  async settings(
    @Parent() station: StationNode,
    @Args() args: SettingsPage,
    @CurrentPrincipal() principal: Principal,
  ) {
    return mapNodes(await this.read.list(principal, momentOf(station), args), settingNode);
  }

  @ResolveField()
  @Allow('stations:read')
  settingsDrift(
    @Parent() station: StationNode,
    @Context() context: GraphqlContext,
    @CurrentPrincipal() principal: Principal,
  ) {
    if (!may(principal, 'devices:read')) return null;
    // A list of stations asks for the count of each: one query for all of them.
    const moments = momentsOf(context);
    moments.set(station.id, momentOf(station));
    return batchLoad(context, 'sessions.settings-drift', station.id, (ids) =>
      this.read.driftCounts(
        principal,
        ids.flatMap((id) => moments.get(id) ?? []),
      ),
    );
  }

  @ResolveField()
  @Allow('stations:read')
  async authorizationSettings(
    @Parent() station: StationNode,
    @Context() context: GraphqlContext,
    @CurrentPrincipal() principal: Principal,
  ) {
    if (!may(principal, 'devices:read')) return null;
    const moments = momentsOf(context);
    moments.set(station.id, momentOf(station));
    const shown = await batchLoad(context, 'sessions.authorization-settings', station.id, (ids) =>
      this.read.authorization(
        principal,
        ids.flatMap((id) => moments.get(id) ?? []),
      ),
    );
    return (shown ?? []).map(settingNode);
  }

  @ResolveField()
  @Allow('stations:read')
  async reports(@Parent() { id }: StationNode, @CurrentPrincipal() principal: Principal) {
    if (!may(principal, 'devices:read')) return null;
    return (await this.read.reportsOf(principal, id)).map(reportNode);
  }

  @ResolveField()
  @Allow('stations:read')
  async capabilities(@Parent() station: StationNode, @CurrentPrincipal() principal: Principal) {
    if (!may(principal, 'devices:read')) return null;
    const { id, vendor, model } = station;
    return capabilitiesNode(
      await this.read.capabilities(principal, { id, vendor: vendor ?? '', model: model ?? '' }),
    );
  }

  @ResolveField()
  @Allow('stations:read')
  registration(@Parent() { registration }: StationNode, @CurrentPrincipal() principal: Principal) {
    return may(principal, 'devices:read') ? registration : null;
  }

  @Mutation()
  @Allow('devices:write')
  async setStationSettings(@Args('input') input: SettingsInput, @CurrentPrincipal() principal: Principal) {
    const keys = await this.write.set(principal, input);
    const station = stationNode(await this.stations.one(principal, input.stationId));
    const settings = await this.read.named(principal, momentOf(station), keys);
    return { station, settings: settings.map(settingNode) };
  }

  @Mutation()
  @Allow('devices:write')
  async refreshStationSettings(
    @Args('input') input: Parameters<RefreshStationSettings['refresh']>[1],
    @CurrentPrincipal() principal: Principal,
  ) {
    return commandNode(await this.ask.refresh(principal, input));
  }

  @Mutation()
  @Allow('devices:write')
  async setStationRegistration(
    @Args('input') input: Parameters<SetStationRegistration['set']>[1],
    @CurrentPrincipal() principal: Principal,
  ) {
    return { station: stationNode(await this.registrations.set(principal, input)) };
  }
}

type Moment = ReturnType<typeof momentOf>;
const MOMENTS = new WeakMap<object, Map<string, Moment>>();

function momentsOf(context: object): Map<string, Moment> {
  const held = MOMENTS.get(context) ?? new Map<string, Moment>();
  MOMENTS.set(context, held);
  return held;
}

function momentOf({ id, lastBootAt, firmwareVersion }: StationNode) {
  return { id, bootAt: lastBootAt, firmware: firmwareVersion ?? '' };
}

const ACCESS: Readonly<Record<string, string>> = {
  ReadOnly: 'READ_ONLY',
  ReadWrite: 'READ_WRITE',
  WriteOnly: 'WRITE_ONLY',
};

function settingNode({ row, standing }: ShownSetting) {
  const name = nameOfRow(row);
  return {
    ...name,
    component: name.component || null,
    componentInstance: name.componentInstance || null,
    instance: name.instance || null,
    value: row.mutability === 'WriteOnly' || row.known === false ? null : row.value,
    access: ACCESS[row.mutability ?? ''] ?? null,
    supported: row.known === false || row.outcome === 'NOT_SUPPORTED' ? false : row.reported_at ? true : null,
    dataType: row.data_type || null,
    unit: row.unit || null,
    possibleValues: row.possible_values || null,
    reportedAt: row.reported_at,
    wanted: standing && {
      value: row.secret ? null : row.wanted_value,
      secret: row.secret,
      source: row.source,
      wantedBy: row.wanted_by,
      wantedAt: row.wanted_at,
      outcome: row.outcome,
      status: row.status || null,
      outcomeAt: row.outcome_at,
      attempts: row.attempts,
      standing,
    },
  };
}

function reportNode(report: ShownReport) {
  return {
    kind: report.kind,
    requestId: report.request_id,
    firstPageAt: report.first_at,
    latestPageAt: report.latest_at,
    completeAt: report.complete_at,
    missingPages: report.missing,
  };
}

function capabilitiesNode({ model, featureProfiles, itemsPerMessage }: ShownCapabilities) {
  const { profiles, idTags } = model;
  const isUnbounded = profiles.highestStackLevel === Number.MAX_SAFE_INTEGER;
  return {
    record: model.name || null,
    featureProfiles,
    itemsPerMessage: model.maxItemsPerMessage ?? itemsPerMessage,
    resetKinds: model.resetKinds,
    unsafeToRead: model.unsafeToRead,
    answersPings: model.answersPings,
    repairsJson: model.repairsJson,
    lowestStackLevel: profiles.lowestStackLevel,
    highestStackLevel: isUnbounded ? null : profiles.highestStackLevel,
    limitUnits: profiles.units,
    limitDecimals: profiles.decimals,
    profileKinds: profiles.kinds,
    stationWideProfiles: profiles.stationWide,
    zeroPauses: profiles.zeroPauses,
    keepsLimitOnResume: profiles.keepsLimitOnResume,
    idTagSuffixFrom: idTags.suffixFrom,
  };
}
