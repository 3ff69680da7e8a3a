import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import {
  Allow,
  connection,
  CurrentPrincipal,
  pageRequest,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import { certificatePem } from '@kilowatch/trust';
import { FlushRevocationCache } from '../../usecases/flush-revocation-cache.js';
import {
  ImportTrust,
  type IsoVersion,
  type StoredAnchor,
  type StoredIntermediate,
  type TrustPurpose,
} from '../../usecases/import-trust.js';
import { SetTrustPolicy, type TrustPolicy } from '../../usecases/set-trust-policy.js';

interface Page {
  readonly first: number;
  readonly after?: string;
}

@Resolver('TrustAnchor')
export class TrustResolver {
  constructor(
    private readonly trust: ImportTrust,
    private readonly policies: SetTrustPolicy,
    private readonly cache: FlushRevocationCache,
  ) {}

  @Query()
  @Allow('trust:read', 'all')
  async trustAnchors(
    @Args() args: Page & { purpose?: TrustPurpose | null; includeRemoved?: boolean | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['id']);
    const filter = { purpose: args.purpose ?? undefined, removed: args.includeRemoved ?? false };
    const rows = await this.trust.listAnchors(principal, page, filter);
    return connection(page, rows, ({ id }) => [id], anchorNode);
  }

  @Query()
  @Allow('trust:read', 'all')
  async trustIntermediates(@Args() args: Page, @CurrentPrincipal() principal: Principal) {
    const page = pageRequest(args, ['id']);
    const rows = await this.trust.listIntermediates(principal, page);
    return connection(page, rows, ({ id }) => [id], intermediateNode);
  }

  @Query()
  @Allow('trust:read', 'all')
  trustPolicy(@CurrentPrincipal() principal: Principal): Promise<TrustPolicy> {
    return this.policies.view(principal);
  }

  @Mutation()
  @Allow('trust:write', 'all')
  importTrustAnchors(
    @Args('input')
    input: { pem: string; purpose: TrustPurpose; isoVersion?: IsoVersion | null; reason?: string | null },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    return this.trust.anchors(principal, input, clientAddress);
  }

  @Mutation()
  @Allow('trust:write', 'all')
  async removeTrustAnchor(
    @Args('input') input: { id: string; reason: string },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    return { anchor: anchorNode(await this.trust.removeAnchor(principal, input, clientAddress)) };
  }

  @Mutation()
  @Allow('trust:write', 'all')
  importTrustIntermediates(
    @Args('input') { pem }: { pem: string },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    return this.trust.intermediates(principal, pem, clientAddress);
  }

  @Mutation()
  @Allow('trust:write', 'all')
  async setTrustPolicy(
    @Args('input') input: { [K in keyof TrustPolicy]?: TrustPolicy[K] | null },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    return { policy: await this.policies.run(principal, { ...input }, clientAddress) };
  }

  @Mutation()
  @Allow('trust:write', 'all')
  async flushRevocationCache(
    @Args('input') { includingRevoked, reason }: { includingRevoked?: boolean | null; reason: string },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    const wanted = { includingRevoked: includingRevoked ?? false, reason };
    return { removed: await this.cache.run(principal, wanted, clientAddress) };
  }
}

function anchorNode({ der, ...anchor }: StoredAnchor) {
  return {
    ...anchor,
    pem: certificatePem({ der }),
    isoVersion: anchor.isoVersion ?? null,
    removedBy: anchor.removedBy ?? null,
    removedAt: anchor.removedAt ?? null,
  };
}

function intermediateNode({ der, ...intermediate }: StoredIntermediate) {
  return { ...intermediate, pem: certificatePem({ der }) };
}
