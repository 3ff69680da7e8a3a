import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Allow, CurrentPrincipal, type Principal } from '@kilowatch/platform';
import {
  CommandFleet,
  type BulkCommand,
  type BulkInput,
  type BulkTarget,
} from '../../usecases/command-fleet.js';
import type { PageArguments } from '../../usecases/read-sessions.js';
import { mapNodes } from './nodes.js';

/** One command to many stations. */
@Resolver('BulkCommand')
@Allow('devices:read')
export class BulkCommandResolver {
  constructor(private readonly fleet: CommandFleet) {}

  @Query('bulkCommand')
  async one(@Args('id') id: string, @CurrentPrincipal() principal: Principal) {
    return bulkNode(await this.fleet.one(principal, id));
  }

  @Query('bulkCommands')
  async list(@Args() args: PageArguments, @CurrentPrincipal() principal: Principal) {
    return mapNodes(await this.fleet.list(principal, args), bulkNode);
  }

  @Mutation()
  @Allow('devices:write')
  async startBulkCommand(@Args('input') input: BulkInput, @CurrentPrincipal() principal: Principal) {
    return { bulkCommand: bulkNode(await this.fleet.begin(principal, input)) };
  }

  @Mutation()
  @Allow('devices:write')
  async cancelBulkCommand(
    @Args('input') { bulkCommandId }: { bulkCommandId: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    return { bulkCommand: bulkNode(await this.fleet.cancel(principal, bulkCommandId)) };
  }

  @ResolveField()
  async targets(
    @Parent() { id }: { id: string },
    @Args() args: PageArguments & { outcome?: string | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    return mapNodes(await this.fleet.targets(principal, id, args), targetNode);
  }
}

function bulkNode(bulk: BulkCommand) {
  const { counts, total } = bulk;
  const of = (outcome: keyof typeof counts) => counts[outcome] ?? 0;
  const done = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return {
    ...bulk,
    progress: {
      total,
      pending: total - done,
      accepted: of('ACCEPTED'),
      rejected: of('REJECTED'),
      chargerError: of('CHARGER_ERROR'),
      offline: of('OFFLINE'),
      unknown: of('UNKNOWN'),
      cancelled: of('CANCELLED'),
    },
  };
}

function targetNode({ stationId, status, errorCode, ...target }: BulkTarget) {
  return { ...target, station: { id: stationId }, status: status || null, errorCode: errorCode || null };
}
