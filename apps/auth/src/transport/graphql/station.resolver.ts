import { Args, Context, Parent, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { isUuid } from '@kilowatch/kernel';
import { Allow, batchLoad, may, type GraphqlContext, type Principal } from '@kilowatch/platform';
import { ManageCertificates } from '../../usecases/manage-certificates.js';
import { ManageRoots } from '../../usecases/manage-roots.js';
import { UpgradeSecurity } from '../../usecases/upgrade-security.js';

interface StationReference {
  readonly id: string;
}

/** What auth knows of a Station's certificates and security: for the tenant's operators; drivers see nothing of it. */
@Resolver('Station')
@Allow('stations:read')
export class StationResolver {
  constructor(
    private readonly certificates: ManageCertificates,
    private readonly roots: ManageRoots,
    private readonly security: UpgradeSecurity,
  ) {}

  @ResolveReference()
  reference(reference: StationReference): StationReference | null {
    return isUuid(reference.id) ? { id: reference.id } : null;
  }

  @ResolveField()
  async certificateRequests(@Parent() { id }: StationReference, @Context() context: GraphqlContext) {
    const reader = readerOf(context);
    if (!reader) return null;
    const found = await batchLoad(context, 'auth.certificate-requests', id, async (ids) =>
      grouped(await this.certificates.requestsOf(reader, ids)),
    );
    return found ?? [];
  }

  @ResolveField()
  async installedRoots(@Parent() { id }: StationReference, @Context() context: GraphqlContext) {
    const reader = readerOf(context);
    if (!reader) return null;
    const found = await batchLoad(context, 'auth.installed-roots', id, async (ids) =>
      grouped(await this.roots.installed(reader, ids)),
    );
    return found ?? [];
  }

  @ResolveField()
  async securityUpgrade(@Parent() { id }: StationReference, @Context() context: GraphqlContext) {
    const reader = readerOf(context);
    if (!reader) return null;
    const found = await batchLoad(context, 'auth.security-upgrade', id, async (ids) =>
      grouped(await this.security.latest(reader, ids)),
    );
    return found?.[0] ?? null;
  }

  @ResolveField()
  upgradePrerequisites(
    @Parent() { id }: StationReference,
    @Args('toProfile') toProfile: number,
    @Context() context: GraphqlContext,
  ) {
    const reader = readerOf(context);
    return reader ? this.security.prerequisites(reader, id, toProfile) : null;
  }
}

function readerOf({ principal }: GraphqlContext): Principal | undefined {
  return principal && may(principal, 'certificates:read') ? principal : undefined;
}

function grouped<Row extends { readonly stationId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row.stationId, [...(groups.get(row.stationId) ?? []), row]);
  return groups;
}
