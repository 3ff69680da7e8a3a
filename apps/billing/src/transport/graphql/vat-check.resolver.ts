import { Args, Query, Resolver } from '@nestjs/graphql';
import { Allow, connection, CurrentPrincipal, pageRequest, type Principal } from '@kilowatch/platform';
import { CheckVatNumber, type VatCheck } from '../../usecases/check-vat-number.js';

@Resolver()
export class VatCheckResolver {
  constructor(private readonly checks: CheckVatNumber) {}

  @Query()
  @Allow('billing:read', 'all')
  async vatNumberChecks(
    @Args() args: { first: number; after?: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['time', 'id']);
    const checks = await this.checks.list(principal, page);
    return connection(page, checks, ({ askedAt, id }) => [askedAt.toISOString(), id], toNode);
  }
}

function toNode(check: VatCheck) {
  const { company } = check;
  return {
    id: check.id,
    stationId: check.stationId,
    evseNumber: check.evseNumber ?? null,
    vatNumber: check.vatNumber,
    accepted: check.accepted,
    reason: check.reasonCode,
    register: check.register || null,
    registerAskedAt: check.registerAskedAt ?? null,
    askedAt: check.askedAt,
    company: company
      ? { ...company, address2: company.address2 || null, postalCode: company.postalCode || null }
      : null,
  };
}
