import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import {
  Allow,
  batchLoad,
  connection,
  CurrentPrincipal,
  mayAll,
  pageRequest,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import { DecideDispute, type DisputeDecision } from '../../usecases/decide-dispute.js';
import { unknownSession } from '../../usecases/unknown-session.js';
import { OpenDispute, type DisputeRequest } from '../../usecases/open-dispute.js';
import { ViewDisputes, type Dispute, type DisputeState } from '../../usecases/view-disputes.js';
import { ViewInvoices } from '../../usecases/view-invoices.js';
import { ViewSession } from '../../usecases/view-session.js';
import { toInvoiceNode } from './bill-node.js';
import { loadSession, type SessionNode } from './session.resolver.js';

@Resolver('Dispute')
export class DisputeResolver {
  constructor(
    private readonly view: ViewDisputes,
    private readonly open: OpenDispute,
    private readonly decide: DecideDispute,
    private readonly invoices: ViewInvoices,
    private readonly sessions: ViewSession,
  ) {}

  @Query()
  @Allow('disputes:read')
  async disputes(
    @Args() args: { first: number; after?: string; state?: DisputeState | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['id']);
    const { rows, total } = await this.view.list(principal, args.state ?? undefined, page);
    return { ...connection(page, rows, ({ id }) => [id]), totalCount: total };
  }

  @Mutation()
  @Allow('disputes:write')
  async openDispute(
    @Args('input') input: DisputeRequest,
    @CurrentPrincipal() principal: Principal,
    @Context() context: GraphqlContext,
  ) {
    await this.open.run(principal, input);
    return { session: await this.known(input.sessionId, context) };
  }

  @Mutation()
  @Allow('disputes:write', 'all')
  async decideDispute(
    @Args('input') input: DisputeDecision,
    @CurrentPrincipal() principal: Principal,
    @Context() context: GraphqlContext,
  ) {
    return { session: await this.known(await this.decide.run(principal, input), context) };
  }

  @ResolveField()
  @Allow('disputes:read')
  account(@Parent() { accountId }: Dispute) {
    return { id: accountId };
  }

  @ResolveField()
  @Allow('disputes:read')
  decidedBy(@Parent() { decidedBy }: Dispute, @CurrentPrincipal() principal: Principal) {
    return decidedBy !== undefined && mayAll(principal, 'disputes:read') ? { id: decidedBy } : null;
  }

  @ResolveField()
  @Allow('billing:read')
  session(@Parent() { sessionId }: Dispute, @Context() context: GraphqlContext) {
    return this.known(sessionId, context);
  }

  @ResolveField()
  @Allow('billing:read')
  async invoice(
    @Parent() { invoiceId }: Dispute,
    @CurrentPrincipal() principal: Principal,
    @Context() context: GraphqlContext,
  ) {
    const invoice = await batchLoad(context, 'billing.invoice', invoiceId, (ids) =>
      this.invoices.byIds(principal, ids),
    );
    return invoice && toInvoiceNode(invoice);
  }

  private async known(sessionId: string, context: GraphqlContext): Promise<SessionNode> {
    const session = await loadSession(this.sessions, sessionId, context);
    if (!session) throw unknownSession();
    return session;
  }
}
