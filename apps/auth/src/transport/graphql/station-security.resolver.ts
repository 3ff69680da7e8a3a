import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import {
  Allow,
  connection,
  CurrentPrincipal,
  pageRequest,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import { ManageRoots, type RootWish } from '../../usecases/manage-roots.js';
import { UpgradeSecurity } from '../../usecases/upgrade-security.js';

@Resolver('SecurityUpgrade')
@Allow('certificates:write')
export class StationSecurityResolver {
  constructor(
    private readonly security: UpgradeSecurity,
    private readonly roots: ManageRoots,
  ) {}

  @Query()
  @Allow('certificates:read')
  async wantedStationRoots(
    @Args() args: { first: number; after?: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['id']);
    return connection(
      page,
      await this.roots.wanted(principal, page),
      (root) => [root.id],
      (root) => root,
    );
  }

  @Mutation()
  rotateStationPassword(
    @Args('input') { stationId }: { stationId: string },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    return this.security.rotatePassword(principal, stationId, clientAddress);
  }

  @Mutation()
  async upgradeStationSecurity(
    @Args('input') input: { stationId: string; toProfile: number },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    return { upgrade: await this.security.begin(principal, input, clientAddress) };
  }

  @Mutation()
  async allowLowerSecurityProfile(
    @Args('input') input: { stationId: string; profile: number; reason: string },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    await this.security.allowLower(principal, input, clientAddress);
    return { station: { id: input.stationId } };
  }

  @Mutation()
  async allowExpiredStationCertificate(
    @Args('input') input: { stationId: string; hours: number },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    await this.security.allowExpiredCertificate(principal, input, clientAddress);
    return { station: { id: input.stationId } };
  }

  @Mutation()
  async wantStationRoot(
    @Args('input') input: RootWish,
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    return { root: await this.roots.want(principal, input, clientAddress) };
  }

  @Mutation()
  async unwantStationRoot(
    @Args('input') { id }: { id: string },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    await this.roots.unwant(principal, id, clientAddress);
    return { id };
  }

  @Mutation()
  deleteStationRoot(
    @Args('input')
    input: {
      stationId: string;
      purpose: string;
      issuerKeyHash: string;
      serialNumber: string;
      force?: boolean | null;
    },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    return this.roots.remove(principal, { ...input, force: input.force ?? false }, clientAddress);
  }
}
