import { Args, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Allow, CurrentPrincipal, type Principal } from '@kilowatch/platform';
import type { PageArguments } from '../../usecases/read-sessions.js';
import {
  nameOfRow,
  ReadStationDevice,
  type DynamicScheduleRow,
  type EventStreamRow,
  type StreamValueRow,
} from '../../usecases/read-station-device.js';
import { SetDynamicSchedule } from '../../usecases/set-dynamic-schedule.js';
import { commandNode, mapNodes, type StationNode } from './nodes.js';

type InputOf<M extends keyof SetDynamicSchedule> = Parameters<SetDynamicSchedule[M]>[1];
type StreamNode = ReturnType<typeof streamNode>;

/** What came with 2.1: streams of events, and schedules whose limits move. */
@Resolver('Station')
@Allow('devices:read')
export class StationStreamResolver {
  constructor(private readonly device: ReadStationDevice) {}

  @ResolveField()
  async eventStreams(
    @Parent() { id }: StationNode,
    @Args() args: PageArguments,
    @CurrentPrincipal() principal: Principal,
  ) {
    return mapNodes(await this.device.eventStreams(principal, id, args), streamNode);
  }

  @ResolveField()
  async dynamicSchedules(
    @Parent() { id }: StationNode,
    @Args() args: PageArguments,
    @CurrentPrincipal() principal: Principal,
  ) {
    return mapNodes(await this.device.dynamicSchedules(principal, id, args), scheduleNode);
  }
}

@Resolver('EventStream')
@Allow('devices:read')
export class EventStreamResolver {
  constructor(private readonly device: ReadStationDevice) {}

  @ResolveField()
  async latest(
    @Parent() stream: StreamNode,
    @Args() args: PageArguments,
    @CurrentPrincipal() principal: Principal,
  ) {
    return mapNodes(await this.device.streamValues(principal, stream, args), valueNode);
  }
}

@Resolver()
@Allow('devices:write')
export class DynamicScheduleResolver {
  constructor(private readonly schedules: SetDynamicSchedule) {}

  @Mutation()
  async setDynamicSchedule(@Args('input') input: InputOf<'set'>, @CurrentPrincipal() principal: Principal) {
    return commandNode(await this.schedules.set(principal, input));
  }

  @Mutation()
  async updateDynamicSchedule(
    @Args('input') input: InputOf<'update'>,
    @CurrentPrincipal() principal: Principal,
  ) {
    return commandNode(await this.schedules.update(principal, input));
  }
}

function streamNode(row: EventStreamRow) {
  return {
    stationId: row.station_id,
    streamId: row.stream_id,
    monitorId: row.monitor_id,
    ...placeNode(row),
    intervalSeconds: row.interval_seconds,
    values: row.values_at_most,
    openedAt: row.opened_at,
    closedAt: row.closed_at,
    lastValuesAt: row.told_at,
    pending: row.pending,
    received: Number(row.received),
  };
}

/** Without the monitor, whose report is not here any more, nobody knows what its values were. */
function placeNode(row: EventStreamRow) {
  if (typeof row.variable !== 'string') return { component: null, variable: null };
  const name = nameOfRow(row as Parameters<typeof nameOfRow>[0]);
  return { ...name, componentInstance: name.componentInstance || null, instance: name.instance || null };
}

function valueNode({ at, value, received_at: receivedAt }: StreamValueRow) {
  return { at, value, receivedAt };
}

function scheduleNode(row: DynamicScheduleRow) {
  return {
    profileId: row.profile_id,
    evseNumber: row.evse_number,
    purpose: row.purpose,
    stackLevel: row.stack_level,
    unit: row.unit,
    intervalSeconds: row.interval_seconds,
    durationSeconds: row.duration_seconds,
    limits: row.limits,
    changedAt: row.changed_at,
    toldAt: row.told_at,
    askedAt: row.asked_at,
  };
}
