import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import {
  Allow,
  connection,
  CurrentPrincipal,
  pageRequest,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import type { CertificateType } from '../../domain/station-certificate.js';
import { Authorities } from '../../usecases/authority/authorities.js';
import {
  ManageCertificates,
  type CertificateFilter,
  type StationCertificate,
} from '../../usecases/manage-certificates.js';

type Loose<T> = { readonly [K in keyof T]?: T[K] | null };

@Resolver('StationCertificate')
@Allow('certificates:write')
export class StationCertificateResolver {
  constructor(
    private readonly certificates: ManageCertificates,
    private readonly authorities: Authorities,
  ) {}

  @Query()
  @Allow('certificates:read')
  async stationCertificates(
    @Args() args: { first: number; after?: string; filter?: Loose<CertificateFilter> | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['id']);
    const { stationId, state, type, expiresBefore } = args.filter ?? {};
    const rows = await this.certificates.list(principal, page, {
      stationId: stationId ?? undefined,
      state: state ?? undefined,
      type: type ?? undefined,
      expiresBefore: expiresBefore ?? undefined,
    });
    return connection(page, rows, (one) => [one.id], toNode);
  }

  @Query()
  @Allow('certificates:read')
  async certificateAuthority(@CurrentPrincipal() { tenant }: Principal) {
    const { organisation, commonName } = this.authorities.policyOf(tenant);
    const authority = await this.authorities.of(tenant);
    return {
      issuer: authority?.name ?? null,
      organisation,
      commonName,
      roots: (await authority?.roots()) ?? [],
    };
  }

  @Mutation()
  async signStationCertificate(
    @Args('input') input: { stationId: string; csr: string; type: CertificateType },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    return { certificate: toNode(await this.certificates.sign(principal, input, clientAddress)) };
  }

  @Mutation()
  async revokeStationCertificate(
    @Args('input') input: { id: string; reason: string; note?: string | null },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    const revocation = { ...input, note: input.note ?? '' };
    return { certificate: toNode(await this.certificates.revoke(principal, revocation, clientAddress)) };
  }

  @Mutation()
  async renewStationCertificate(
    @Args('input') { id }: { id: string },
    @CurrentPrincipal() principal: Principal,
    @Context() { clientAddress }: GraphqlContext,
  ) {
    return { certificate: toNode(await this.certificates.renew(principal, id, clientAddress)) };
  }
}

function toNode(certificate: StationCertificate) {
  const { revocationReason, stationId, ...rest } = certificate;
  return { ...rest, station: { id: stationId }, revocationReason: revocationReason || null };
}
