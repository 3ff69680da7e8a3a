import {
  Args,
  Context,
  Mutation,
  Parent,
  Query,
  ResolveField,
  ResolveReference,
  Resolver,
} from '@nestjs/graphql';
import { isUuid } from '@kilowatch/kernel';
import {
  Allow,
  batchLoad,
  connection,
  CurrentPrincipal,
  may,
  pageRequest,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import { SetSiteLimit } from '../../usecases/set-site-limit.js';
import { ViewLimits, type SiteUse } from '../../usecases/view-limits.js';

@Resolver('Location')
export class SiteLimitResolver {
  constructor(
    private readonly view: ViewLimits,
    private readonly set: SetSiteLimit,
  ) {}

  @Query()
  @Allow('load:read')
  async siteLimits(
    @Args() args: { first: number; after?: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['id']);
    const uses = await this.view.listSites(principal, page);
    return connection(page, uses, (use) => [use.locationId], toNode);
  }

  @Mutation()
  @Allow('load:write')
  async setSiteLimit(
    @Args('input') input: { locationId: string; limitA?: number | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    const use = await this.set.run(principal, input.locationId, input.limitA ?? null);
    return { siteLimit: use ? toNode(use) : null };
  }

  @ResolveReference()
  @Allow('stations:read')
  reference(reference: { id: string }): { id: string } | null {
    return isUuid(reference.id) ? { id: reference.id } : null;
  }

  /** For the tenant's operators; others see no limit. */
  @ResolveField()
  @Allow('stations:read')
  async siteLimit(@Parent() location: { id: string }, @Context() context: GraphqlContext) {
    const { principal } = context;
    if (!principal || !may(principal, 'load:read')) return null;
    const use = await batchLoad(context, 'load-management.site', location.id, (ids) =>
      this.view.sites(principal, ids),
    );
    return use ? toNode(use) : null;
  }
}

function toNode(use: SiteUse) {
  return {
    location: { id: use.locationId },
    limitA: use.limitDa / 10,
    allocatedA: use.allocatedDa / 10,
    activeSessions: use.activeSessions,
  };
}
