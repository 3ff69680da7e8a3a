import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Allow, connection, CurrentPrincipal, pageRequest, type Principal } from '@kilowatch/platform';
import { shownMoney } from '../../domain/cost-lines.js';
import { AssignTariffs, type AssignmentInput, type AssignmentRecord } from '../../usecases/assign-tariffs.js';
import { PreviewTariff } from '../../usecases/preview-tariff.js';
import { ViewTariffs } from '../../usecases/view-tariffs.js';
import { toTariffNode } from './quote-node.js';

interface AssignmentNode extends AssignmentRecord {
  readonly tariffId: string;
}

interface PreviewInput {
  readonly currency: string;
  readonly definition: unknown;
  readonly idleGraceMinutes?: number | null;
  readonly from: Date;
  readonly to: Date;
  readonly locationId?: string | null;
}

/** Which tariffs are for whom, and what a new one would do. */
@Resolver('TariffAssignment')
export class TariffManagementResolver {
  constructor(
    private readonly assignments: AssignTariffs,
    private readonly preview: PreviewTariff,
    private readonly tariffs: ViewTariffs,
  ) {}

  @Query()
  @Allow('tariffs:write')
  async tariffAssignments(
    @Args()
    args: {
      first: number;
      after?: string;
      filter?: { scope?: string | null; ref?: string | null; tariffId?: string | null } | null;
    },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['id']);
    const rows = await this.assignments.list(principal, args.filter ?? {}, page);
    return connection(page, rows, ({ id }) => [id], toNode);
  }

  @Query()
  @Allow('tariffs:write')
  async previewTariff(@Args('input') input: PreviewInput, @CurrentPrincipal() principal: Principal) {
    const { currency, definition, idleGraceMinutes, from, to, locationId } = input;
    const request = {
      id: 'preview',
      name: 'Preview',
      currency,
      definition,
      idleGraceMinutes: idleGraceMinutes ?? undefined,
    };
    const found = await this.preview.run(principal, request, { from, to, locationId: locationId ?? null });
    const money = (value: { toFixed(): string }) => shownMoney(value.toFixed(), found.currency);
    return {
      ...found,
      billedInclVat: money(found.billedIncl),
      previewInclVat: money(found.previewIncl),
      examples: found.examples.map((one) => ({
        sessionId: one.sessionId,
        billedInclVat: money(one.billedIncl),
        previewInclVat: money(one.previewIncl),
      })),
    };
  }

  @Mutation()
  @Allow('tariffs:write')
  async assignTariff(@Args('input') input: AssignmentInput, @CurrentPrincipal() principal: Principal) {
    const { record, findings } = await this.assignments.assign(principal, input);
    return { assignment: toNode(record), findings };
  }

  @Mutation()
  @Allow('tariffs:write')
  async endTariffAssignment(
    @Args('input') input: { id: string; until?: Date | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    return { assignment: toNode(await this.assignments.end(principal, input)), findings: [] };
  }

  @ResolveField()
  @Allow('tariffs:read')
  async tariff(@Parent() { tariffId }: AssignmentNode, @CurrentPrincipal() principal: Principal) {
    return toTariffNode(await this.tariffs.one(principal, tariffId));
  }
}

function toNode(record: AssignmentRecord) {
  return { ...record, validUntil: record.validUntil ?? null, endedBy: record.endedBy ?? null };
}
