import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import {
  Allow,
  batchLoad,
  connection,
  CurrentPrincipal,
  pageRequest,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import type { DunningState } from '../../domain/dunning.js';
import { ActOnDunning, type DunningAct, type DunningPause } from '../../usecases/dunning/act-on-dunning.js';
import { AgreeDunning, type DunningInput } from '../../usecases/dunning/agree-dunning.js';
import { ViewDunning } from '../../usecases/dunning/view-dunning.js';
import { unknownInvoice } from '../../usecases/record-transfer.js';
import { ViewInvoices, type InvoiceRecord } from '../../usecases/view-invoices.js';
import { toInvoiceNode, type InvoiceNode } from './bill-node.js';
import {
  toCaseNode,
  toDebtNode,
  toEntryNode,
  toSettingsNode,
  toTransferNode,
  type CaseNode,
} from './dunning-node.js';

interface CasesArgs {
  readonly first: number;
  readonly after?: string;
  readonly state?: DunningState | null;
  readonly level?: number | null;
  readonly accountId?: string | null;
}

@Resolver('DunningCase')
export class DunningResolver {
  constructor(
    private readonly view: ViewDunning,
    private readonly act: ActOnDunning,
    private readonly invoices: ViewInvoices,
  ) {}

  @Query()
  @Allow('billing:read')
  async dunningCases(@Args() args: CasesArgs, @CurrentPrincipal() principal: Principal) {
    const page = pageRequest(args, ['id']);
    const filter = {
      state: args.state ?? undefined,
      level: args.level ?? undefined,
      accountId: args.accountId ?? undefined,
    };
    const { rows, total } = await this.view.list(principal, filter, page);
    return { ...connection(page, rows, ({ id }) => [id], toCaseNode), totalCount: total };
  }

  @Query()
  @Allow('billing:read')
  async dunningCase(@Args('id') id: string, @CurrentPrincipal() principal: Principal) {
    return toCaseNode(await this.view.one(principal, id));
  }

  @Query()
  @Allow('billing:read')
  async accountDebt(@Args() args: { accountId?: string | null }, @CurrentPrincipal() principal: Principal) {
    return toDebtNode(await this.view.debt(principal, args.accountId ?? undefined));
  }

  @Mutation()
  @Allow('billing:write', 'all')
  async pauseDunning(@Args('input') input: DunningPause, @CurrentPrincipal() principal: Principal) {
    return { case: toCaseNode(await this.act.pause(principal, input)) };
  }

  @Mutation()
  @Allow('billing:write', 'all')
  async resumeDunning(@Args('input') input: DunningAct, @CurrentPrincipal() principal: Principal) {
    return { case: toCaseNode(await this.act.resume(principal, input)) };
  }

  @Mutation()
  @Allow('billing:write', 'all')
  async raiseDunning(@Args('input') input: DunningAct, @CurrentPrincipal() principal: Principal) {
    return { case: toCaseNode(await this.act.raise(principal, input)) };
  }

  @Mutation()
  @Allow('billing:write', 'all')
  async writeOffInvoice(@Args('input') input: DunningAct, @CurrentPrincipal() principal: Principal) {
    return { case: toCaseNode(await this.act.writeOff(principal, input)) };
  }

  @Mutation()
  @Allow('billing:write', 'all')
  async waiveDunningCharges(@Args('input') input: DunningAct, @CurrentPrincipal() principal: Principal) {
    return { case: toCaseNode(await this.act.waive(principal, input)) };
  }

  @ResolveField()
  @Allow('billing:read')
  async invoice(
    @Parent() { record }: CaseNode,
    @CurrentPrincipal() principal: Principal,
    @Context() context: GraphqlContext,
  ): Promise<InvoiceNode> {
    const load = (ids: readonly string[]) => this.invoices.byIds(principal, ids);
    const invoice = await batchLoad(context, 'billing.invoice', record.invoiceId, load);
    if (!invoice) throw unknownInvoice();
    return toInvoiceNode(invoice);
  }

  @ResolveField()
  @Allow('billing:read')
  async next(@Parent() { record }: CaseNode, @CurrentPrincipal() principal: Principal) {
    const step = await this.view.next(principal, record);
    if (!step) return null;
    if (step.kind === 'END') return { letter: null, end: step.end, on: step.on };
    return { letter: toCaseNode({ ...record, level: step.level }).letter, end: null, on: step.on };
  }

  @ResolveField()
  @Allow('billing:read')
  async history(@Parent() { record }: CaseNode, @CurrentPrincipal() principal: Principal) {
    const entries = await this.view.history(principal, record);
    return entries.map((entry) => toEntryNode(entry, record.currency));
  }
}

@Resolver('DunningSettings')
export class DunningSettingsResolver {
  constructor(private readonly agree: AgreeDunning) {}

  @Query()
  @Allow('billing:read')
  async dunningSettings(@CurrentPrincipal() principal: Principal) {
    return toSettingsNode(await this.agree.view(principal));
  }

  @Mutation()
  @Allow('billing:write', 'all')
  async setDunningSettings(@Args('input') input: DunningInput, @CurrentPrincipal() principal: Principal) {
    return { settings: toSettingsNode(await this.agree.set(principal, input)) };
  }

  @ResolveField()
  @Allow('billing:read')
  async changes(@CurrentPrincipal() principal: Principal) {
    const changes = await this.agree.changes(principal);
    return changes.map(({ changedAt, changedBy, reason }) => ({ changedAt, changedBy, reason }));
  }
}

/** What dunning adds to invoices. */
@Resolver('Invoice')
export class InvoiceDunningResolver {
  constructor(private readonly view: ViewDunning) {}

  @ResolveField()
  @Allow('billing:read')
  async dunning(
    @Parent() { id, inDunning }: InvoiceNode,
    @CurrentPrincipal() principal: Principal,
    @Context() context: GraphqlContext,
  ): Promise<CaseNode | null> {
    if (!inDunning) return null;
    const found = await batchLoad(context, 'billing.dunning', id, (ids) =>
      this.view.ofInvoices(principal, ids),
    );
    return found ? toCaseNode(found) : null;
  }

  @ResolveField()
  @Allow('billing:read')
  overdue(@Parent() { status, dueAt }: Pick<InvoiceNode, 'status' | 'dueAt'>): boolean {
    return this.view.isOverdue({ status, dueAt: dueAt ?? undefined } satisfies Pick<
      InvoiceRecord,
      'status' | 'dueAt'
    >);
  }

  @ResolveField()
  @Allow('billing:read')
  async transfers(@Parent() { id }: InvoiceNode, @CurrentPrincipal() principal: Principal) {
    return (await this.view.payments(principal, id)).map(toTransferNode);
  }
}
