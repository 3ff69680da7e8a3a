import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Allow, connection, CurrentPrincipal, pageRequest, type Principal } from '@kilowatch/platform';
import {
  ManageGroups,
  type GroupInput,
  type GroupMemberRecord,
} from '../../usecases/sources/manage-groups.js';
import {
  ManageSources,
  type TariffSourceInput,
  type TariffSourceRecord,
} from '../../usecases/sources/manage-sources.js';
import { ManageSubscriptions } from '../../usecases/sources/manage-subscriptions.js';
import { PreviewSource } from '../../usecases/sources/preview-source.js';
import { toSteps } from './quote-node.js';

/** What versions of tariffs are made from, and for whom they are: plans and groups. */
@Resolver('TariffSource')
export class TariffSourceResolver {
  constructor(
    private readonly sources: ManageSources,
    private readonly people: ManageSubscriptions,
    private readonly groups: ManageGroups,
    private readonly previews: PreviewSource,
  ) {}

  @Query()
  @Allow('tariffs:write')
  async tariffSources(
    @Args() args: { first: number; after?: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['text']);
    const rows = await this.sources.list(principal, page);
    return connection(page, rows, ({ tariffId }) => [tariffId], toNode);
  }

  @Query()
  @Allow('tariffs:write')
  async previewTariffSource(
    @Args('input') input: TariffSourceInput,
    @CurrentPrincipal() principal: Principal,
  ) {
    const found = await this.previews.run(principal, input);
    return { ...found, schedule: toSteps(found.schedule, found.currency) };
  }

  @Mutation()
  @Allow('tariffs:write')
  async setTariffSource(@Args('input') input: TariffSourceInput, @CurrentPrincipal() principal: Principal) {
    return { source: toNode(await this.sources.set(principal, input)) };
  }

  @Mutation()
  @Allow('tariffs:write')
  async removeTariffSource(
    @Args('input') input: { tariffId: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    await this.sources.remove(principal, input.tariffId);
    return { removed: true };
  }

  @Query()
  @Allow('tariffs:write')
  async subscriptions(
    @Args() args: { first: number; after?: string; accountId?: string | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['id']);
    const rows = await this.people.list(principal, args.accountId ?? undefined, page);
    return connection(page, rows, ({ id }) => [id], ofPerson);
  }

  @Mutation()
  @Allow('tariffs:write')
  async addSubscription(
    @Args('input')
    input: { accountId: string; plan: string; validFrom?: Date | null; validUntil?: Date | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    return { subscription: ofPerson(await this.people.add(principal, input)) };
  }

  @Mutation()
  @Allow('tariffs:write')
  async endSubscription(
    @Args('input') input: { id: string; until?: Date | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    return { subscription: ofPerson(await this.people.end(principal, input)) };
  }

  @Query()
  @Allow('tariffs:write')
  async tariffGroups(
    @Args() args: { first: number; after?: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['text']);
    const rows = await this.groups.list(principal, page);
    return connection(page, rows, ({ name }) => [name]);
  }

  @Query()
  @Allow('tariffs:write')
  async tariffGroupMembers(
    @Args() args: { groupId: string; first: number; after?: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['text', 'text']);
    const rows = await this.groups.members(principal, args.groupId, page);
    return connection(page, rows, ({ kind, ref }) => [kind, ref], toMember);
  }

  @Mutation()
  @Allow('tariffs:write')
  async setTariffGroup(@Args('input') input: GroupInput, @CurrentPrincipal() principal: Principal) {
    return { group: await this.groups.set(principal, input) };
  }
}

function toNode({ curveSource, curveArea, ...source }: TariffSourceRecord) {
  return { ...source, curve: curveSource === null ? null : { source: curveSource, area: curveArea } };
}

function ofPerson<T extends { readonly accountId: string }>(one: T) {
  return { ...one, account: { id: one.accountId } };
}

function toMember({ kind, ref, addedAt }: GroupMemberRecord) {
  const of = (which: GroupMemberRecord['kind']) => (kind === which ? { id: ref } : null);
  return { kind, ref, addedAt, account: of('DRIVER'), station: of('STATION'), location: of('LOCATION') };
}
