import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { invalid, isUuid, notFound } from '@kilowatch/kernel';
import {
  Allow,
  batchLoad,
  connection,
  CurrentPrincipal,
  mayAll,
  pageRequest,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import { ChangeLocalLists, type PolicyInput } from '../../usecases/local-lists/change-local-lists.js';
import {
  ViewLocalLists,
  type BlockState,
  type ListState,
} from '../../usecases/local-lists/view-local-lists.js';
import { ViewPeople } from '../../usecases/view-people.js';
import { blockStationNode, localListNode, policyNode } from './local-list-nodes.js';
import { toTokenNode } from './token.resolver.js';

type Paged = { first: number; after?: string };

@Resolver('Station')
export class LocalListResolver {
  constructor(
    private readonly view: ViewLocalLists,
    private readonly change: ChangeLocalLists,
    private readonly people: ViewPeople,
  ) {}

  @Query()
  @Allow('lists:read', 'all')
  async localLists(@Args() args: Paged & { state?: ListState }, @CurrentPrincipal() principal: Principal) {
    const page = pageRequest(args, ['id']);
    const rows = await this.view.list(principal, page, args.state ?? undefined);
    const states = await this.view.states(principal);
    const counts = {
      off: states.get('OFF') ?? 0,
      pending: states.get('PENDING') ?? 0,
      inSync: states.get('IN_SYNC') ?? 0,
      failed: states.get('FAILED') ?? 0,
      unsupported: states.get('UNSUPPORTED') ?? 0,
    };
    return { ...connection(page, rows, ({ stationId }) => [stationId], localListNode), counts };
  }

  @Query()
  @Allow('lists:read', 'all')
  async localListPolicies(@CurrentPrincipal() principal: Principal) {
    return (await this.view.policies(principal)).map(policyNode);
  }

  @Mutation()
  @Allow('lists:write', 'all')
  async setLocalListPolicy(
    @Args('input') input: PolicyInput,
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    if (input.locationId && !isUuid(input.locationId))
      throw notFound('AUTH_LOCATION', 'There is no such location.');
    const { policy, stations } = await this.change.setPolicy(principal, input, clientAddress);
    return { policy: policy ? policyNode(policy) : null, stations };
  }

  @Mutation()
  @Allow('lists:write', 'all')
  async setTokensOffline(
    @Args('input') input: { tokenIds: string[]; locationId?: string; offline: boolean },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    if (!input.tokenIds.every(isUuid)) throw notFound('AUTH_TOKEN', 'There is no such token.');
    if (input.locationId && !isUuid(input.locationId))
      throw notFound('AUTH_LOCATION', 'There is no such location.');
    const changed = await this.change.flag(principal, input, clientAddress);
    return { tokens: [...(await this.people.tokens(principal, changed)).values()].map(toTokenNode) };
  }

  @Mutation()
  @Allow('lists:write', 'all')
  async syncLocalList(
    @Args('input') { stationId }: { stationId: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    if (!isUuid(stationId)) throw notFound('AUTH_STATION', 'There is no such station.');
    await this.change.sync(principal, stationId);
    const list = (await this.view.ofStations(principal, [stationId])).get(stationId);
    return { localList: list && localListNode(list) };
  }

  @ResolveField()
  @Allow('stations:read')
  async localList(@Parent() { id }: { id: string }, @Context() context: GraphqlContext) {
    const { principal } = context;
    if (!principal || !mayAll(principal, 'lists:read')) return null;
    const list = await batchLoad(context, 'auth.local-list', id, (ids) =>
      this.view.ofStations(principal, ids),
    );
    return list ? localListNode(list) : null;
  }
}

@Resolver('TokenBlockProgress')
export class TokenBlockProgressResolver {
  constructor(private readonly view: ViewLocalLists) {}

  @Query()
  @Allow('lists:read', 'all')
  async tokenBlockProgress(@Args('tokenId') tokenId: string, @CurrentPrincipal() principal: Principal) {
    if (!isUuid(tokenId)) throw notFound('AUTH_TOKEN', 'There is no such token.');
    const { token, mayCharge, counts } = await this.view.blockProgress(principal, tokenId);
    return {
      token: toTokenNode(token),
      mayCharge,
      confirmed: counts.get('CONFIRMED') ?? 0,
      pending: counts.get('PENDING') ?? 0,
      offline: counts.get('OFFLINE') ?? 0,
      failed: counts.get('FAILED') ?? 0,
    };
  }

  @ResolveField()
  @Allow('lists:read', 'all')
  async stations(
    @Parent() { token, mayCharge }: { token: { id: string }; mayCharge: boolean },
    @Args() args: Paged & { states?: BlockState[] },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['id']);
    if ((args.states?.length ?? 0) > 4) throw invalid('AUTH_STATES', 'There are four states.');
    const rows = mayCharge ? [] : await this.view.blockStations(principal, token.id, page, args.states ?? []);
    return connection(page, rows, ({ stationId }) => [stationId], blockStationNode);
  }
}
