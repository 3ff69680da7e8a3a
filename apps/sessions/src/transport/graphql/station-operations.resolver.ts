import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Allow, CurrentPrincipal, may, type Principal } from '@kilowatch/platform';
import { ChangeAvailability, type ChangeAvailabilityInput } from '../../usecases/change-availability.js';
import { ReadReservations } from '../../usecases/read-reservations.js';
import type { PageArguments } from '../../usecases/read-sessions.js';
import { ReadStationOperations } from '../../usecases/read-station-operations.js';
import {
  RequestCustomerInformation,
  type CustomerInformationInput,
} from '../../usecases/request-customer-information.js';
import { RequestLog, type RequestLogInput } from '../../usecases/request-log.js';
import { SetDisplayMessage, type DisplayMessageInput } from '../../usecases/set-display-message.js';
import { UpdateFirmware, type UpdateFirmwareInput } from '../../usecases/update-firmware.js';
import { commandNode, mapNodes, type StationNode } from './nodes.js';
import {
  customerInformationNode,
  displayMessageNode,
  firmwareNode,
  logNode,
  reservationNode,
} from './operation-nodes.js';

/** What operators ask of a station beside charging, and what became of it. */
@Resolver('Station')
@Allow('devices:read')
export class StationOperationsResolver {
  constructor(
    private readonly reading: ReadStationOperations,
    private readonly reservationList: ReadReservations,
    private readonly availability: ChangeAvailability,
    private readonly firmware: UpdateFirmware,
    private readonly requesting: RequestLog,
    private readonly displays: SetDisplayMessage,
    private readonly customers: RequestCustomerInformation,
  ) {}

  @ResolveField()
  @Allow('sessions:read', 'all')
  async reservations(
    @Parent() { id }: StationNode,
    @Args() args: PageArguments,
    @CurrentPrincipal() principal: Principal,
  ) {
    return mapNodes(await this.reservationList.list(principal, { stationId: id }, args), reservationNode);
  }

  @ResolveField()
  async firmwareUpdates(
    @Parent() { id }: StationNode,
    @Args() args: PageArguments,
    @CurrentPrincipal() principal: Principal,
  ) {
    return mapNodes(await this.reading.firmwareUpdates(principal, id, args), firmwareNode);
  }

  @ResolveField()
  async logs(
    @Parent() { id }: StationNode,
    @Args() args: PageArguments,
    @CurrentPrincipal() principal: Principal,
  ) {
    return mapNodes(await this.reading.logs(principal, id, args), logNode);
  }

  @Query()
  async stationLog(@Args('id') id: string, @CurrentPrincipal() principal: Principal) {
    return logNode(await this.reading.log(principal, id));
  }

  @ResolveField()
  @Allow('stations:read')
  async displayMessages(@Parent() { id }: StationNode, @CurrentPrincipal() principal: Principal) {
    if (!may(principal, 'devices:read')) return null;
    return (await this.reading.displayMessages(principal, id)).map(displayMessageNode);
  }

  @ResolveField()
  async customerInformation(
    @Parent() { id }: StationNode,
    @Args() args: PageArguments,
    @CurrentPrincipal() principal: Principal,
  ) {
    return mapNodes(await this.reading.customerInformation(principal, id, args), customerInformationNode);
  }

  @Mutation()
  @Allow('devices:write')
  async changeAvailability(
    @Args('input') input: ChangeAvailabilityInput,
    @CurrentPrincipal() principal: Principal,
  ) {
    return commandNode(await this.availability.change(principal, input));
  }

  @Mutation()
  @Allow('devices:write')
  async updateFirmware(@Args('input') input: UpdateFirmwareInput, @CurrentPrincipal() principal: Principal) {
    const { answer, update } = await this.firmware.update(principal, input);
    return { result: commandNode(answer), firmwareUpdate: firmwareNode(update) };
  }

  @Mutation()
  @Allow('devices:write')
  async requestLog(@Args('input') input: RequestLogInput, @CurrentPrincipal() principal: Principal) {
    const { answer, log } = await this.requesting.request(principal, input);
    return { result: commandNode(answer), log: logNode(log) };
  }

  @Mutation()
  @Allow('devices:write')
  async setDisplayMessage(
    @Args('input') input: DisplayMessageInput,
    @CurrentPrincipal() principal: Principal,
  ) {
    return commandNode(await this.displays.set(principal, input));
  }

  @Mutation()
  @Allow('devices:write')
  async clearDisplayMessage(
    @Args('input') input: Parameters<SetDisplayMessage['clear']>[1],
    @CurrentPrincipal() principal: Principal,
  ) {
    return commandNode(await this.displays.clear(principal, input));
  }

  @Mutation()
  @Allow('devices:write')
  async refreshDisplayMessages(
    @Args('input') input: Parameters<SetDisplayMessage['refresh']>[1],
    @CurrentPrincipal() principal: Principal,
  ) {
    return commandNode(await this.displays.refresh(principal, input));
  }

  @Mutation()
  @Allow('devices:write')
  async requestCustomerInformation(
    @Args('input') input: CustomerInformationInput,
    @CurrentPrincipal() principal: Principal,
  ) {
    const { answer, information } = await this.customers.request(principal, input);
    return { result: commandNode(answer), information: customerInformationNode(information) };
  }
}
