import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Allow, connection, CurrentPrincipal, pageRequest, type Principal } from '@kilowatch/platform';
import {
  ManageFeeds,
  type FeedInput,
  type OwnCurveInput,
  type PriceFeedRecord,
} from '../../usecases/feeds/manage-feeds.js';

@Resolver('PriceFeed')
export class PriceFeedResolver {
  constructor(private readonly feeds: ManageFeeds) {}

  @Query()
  @Allow('tariffs:write')
  async priceFeeds(
    @Args() args: { first: number; after?: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['text', 'text']);
    const rows = await this.feeds.list(principal, page);
    return connection(page, rows, ({ source, area }) => [source, area], toNode);
  }

  @Query()
  @Allow('tariffs:write')
  feedPrices(
    @Args() args: { source: string; area: string; from: Date; to: Date },
    @CurrentPrincipal() principal: Principal,
  ) {
    return this.feeds.prices(principal, args);
  }

  @Mutation()
  @Allow('tariffs:write')
  async setPriceFeed(@Args('input') input: FeedInput, @CurrentPrincipal() principal: Principal) {
    return { feed: toNode(await this.feeds.set(principal, input)) };
  }

  @Mutation()
  @Allow('tariffs:write')
  async removePriceFeed(
    @Args('input') input: { source: string; area: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    await this.feeds.remove(principal, input);
    return { removed: true };
  }

  @Mutation()
  @Allow('tariffs:write')
  async recordCurve(@Args('input') input: OwnCurveInput, @CurrentPrincipal() principal: Principal) {
    return { changed: await this.feeds.record(principal, input) };
  }
}

function toNode({ unit, ...feed }: PriceFeedRecord) {
  return { ...feed, currency: unit };
}
