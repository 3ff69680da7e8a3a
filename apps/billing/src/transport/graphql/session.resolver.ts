import { Context, Parent, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { isUuid } from '@kilowatch/kernel';
import {
  Allow,
  batchLoad,
  CurrentPrincipal,
  mayAll,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import { holdText } from '../../usecases/hold-text.js';
import type { SessionCost } from '../../usecases/session-cost.js';
import { ViewSession, type SessionBill } from '../../usecases/view-session.js';
import { toCdrNode, toCostNode, toDecisionNode, toInvoiceNode, toMeterNode } from './bill-node.js';
import { toFundNode } from './fund-node.js';
import { toQuoteNode } from './quote-node.js';

export interface SessionNode {
  readonly id: string;
  readonly bill: SessionBill;
}

/** Billing's part of a Session. A session the person may not see, or that billing does not know yet, is null. */
@Resolver('Session')
export class SessionResolver {
  constructor(private readonly view: ViewSession) {}

  @ResolveReference()
  @Allow('billing:read')
  reference(reference: { id: string }, context: GraphqlContext): Promise<SessionNode | null> {
    return loadSession(this.view, reference.id, context);
  }

  @ResolveField()
  @Allow('billing:read')
  quote(@Parent() { bill }: SessionNode) {
    return bill.quote ? toQuoteNode(bill.quote) : null;
  }

  @ResolveField()
  @Allow('billing:read')
  async cost(
    @Parent() node: SessionNode,
    @CurrentPrincipal() principal: Principal,
    @Context() context: GraphqlContext,
  ) {
    const cost = await this.costOf(node, principal, context);
    return cost ? toCostNode(cost) : null;
  }

  @ResolveField()
  @Allow('billing:read')
  cdr(@Parent() { bill }: SessionNode) {
    return bill.cdr ? toCdrNode(bill.cdr) : null;
  }

  @ResolveField()
  @Allow('billing:read')
  invoice(@Parent() { bill }: SessionNode) {
    return bill.invoice ? toInvoiceNode(bill.invoice) : null;
  }

  @ResolveField()
  @Allow('billing:read')
  invoices(@Parent() { bill }: SessionNode) {
    return bill.invoices.map(toInvoiceNode);
  }

  @ResolveField()
  @Allow('billing:read')
  async fund(
    @Parent() node: SessionNode,
    @CurrentPrincipal() principal: Principal,
    @Context() context: GraphqlContext,
  ) {
    const { fund } = node.bill;
    const cost = fund?.limit && (await this.costOf(node, principal, context));
    return toFundNode(fund, cost?.price.total.incl);
  }

  @ResolveField()
  @Allow('billing:read')
  collectiveMonth(@Parent() { bill }: SessionNode): string | null {
    return bill.collectedIn?.month ?? null;
  }

  @ResolveField()
  @Allow('billing:read')
  collectiveInvoiceAt(@Parent() { bill }: SessionNode): Date | null {
    return bill.collectedIn?.dueAt ?? null;
  }

  @ResolveField()
  @Allow('billing:read')
  billingHold(@Parent() { bill }: SessionNode): string | null {
    return holdText(bill.session) ?? null;
  }

  @ResolveField()
  @Allow('disputes:read')
  disputes(@Parent() { bill }: SessionNode) {
    return bill.disputes;
  }

  @ResolveField()
  @Allow('billing:read')
  billedMeter(@Parent() { bill }: SessionNode) {
    return toMeterNode(bill.session.energy) ?? null;
  }

  @ResolveField()
  @Allow('billing:read')
  billDecisions(@Parent() { bill }: SessionNode, @CurrentPrincipal() principal: Principal) {
    const namesPersons = mayAll(principal, 'billing:read');
    return bill.decisions.map((decision) => toDecisionNode(decision, namesPersons));
  }

  private async costOf(
    { id, bill }: SessionNode,
    principal: Principal,
    context: GraphqlContext,
  ): Promise<SessionCost | undefined> {
    const soFar = this.view.needsEnergySoFar(bill)
      ? await batchLoad(context, 'billing.energySoFar', id, (ids) => this.view.energySoFar(principal, ids))
      : undefined;
    return this.view.cost(bill, soFar);
  }
}

/** All sessions of one request are read together, whichever field leads to them. */
export async function loadSession(
  view: ViewSession,
  id: string,
  context: GraphqlContext,
): Promise<SessionNode | null> {
  const { principal } = context;
  if (!principal || !isUuid(id)) return null;
  const bill = await batchLoad(context, 'billing.session', id, (ids) => view.bills(principal, ids));
  return bill ? { id, bill } : null;
}
