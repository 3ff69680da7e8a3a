import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { isUuid, notFound } from '@kilowatch/kernel';
import { Allow, connection, CurrentPrincipal, pageRequest, type Principal } from '@kilowatch/platform';
import type { Partner } from '../../domain/partner.js';
import { ManagePartners } from '../../usecases/manage-partners.js';
import { RotateCredentials } from '../../usecases/rotate-credentials.js';
import { StartHandshake } from '../../usecases/start-handshake.js';

@Resolver('OcpiPartner')
@Allow('partners:read')
export class PartnerResolver {
  constructor(
    private readonly partners: ManagePartners,
    private readonly handshake: StartHandshake,
    private readonly rotation: RotateCredentials,
  ) {}

  @Query()
  async ocpiPartners(
    @Args() args: { first: number; after?: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['id']);
    const rows = await this.partners.list(principal, page);
    return connection(page, rows, (partner) => [partner.id], toPartnerNode);
  }

  @Mutation()
  @Allow('partners:write')
  async inviteOcpiPartner(
    @Args('input') input: { name: string; seesOwnFleet?: boolean },
    @CurrentPrincipal() principal: Principal,
  ) {
    const { partner, ...rest } = await this.partners.invite(
      principal.tenant,
      input.name,
      input.seesOwnFleet ?? false,
    );
    return { ...rest, partner: toPartnerNode(partner) };
  }

  @Mutation()
  @Allow('partners:write')
  async registerWithOcpiPartner(
    @Args('input') input: { name: string; versionsUrl: string; tokenA: string; seesOwnFleet?: boolean },
    @CurrentPrincipal() principal: Principal,
  ) {
    const { name, versionsUrl, tokenA } = input;
    const wanted = { name, versionsUrl, tokenA, seesOwnFleet: input.seesOwnFleet ?? false };
    return { partner: toPartnerNode(await this.handshake.run(principal.tenant, wanted)) };
  }

  @Mutation()
  @Allow('partners:write')
  async rotateOcpiCredentials(
    @Args('input') input: { partnerId: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    if (!isUuid(input.partnerId)) throw notFound('OCPI_PARTNER', 'There is no such partner.');
    return { partner: toPartnerNode(await this.rotation.run(principal.tenant, input.partnerId)) };
  }

  @Mutation()
  @Allow('partners:write')
  async removeOcpiPartner(
    @Args('input') input: { partnerId: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    if (!isUuid(input.partnerId)) throw notFound('OCPI_PARTNER', 'There is no such partner.');
    return { partner: toPartnerNode(await this.partners.remove(principal.tenant, input.partnerId)) };
  }
}

function toPartnerNode(partner: Partner) {
  const { id, name, state, seesOwnFleet, countryCode, partyId, version, registeredAt, lastRequestAt } =
    partner;
  return {
    id,
    name,
    state,
    seesOwnFleet,
    countryCode: countryCode ?? null,
    partyId: partyId ?? null,
    version: version ?? null,
    registeredAt: registeredAt ?? null,
    lastRequestAt: lastRequestAt ?? null,
  };
}
