import {
  Args,
  Context,
  Mutation,
  Parent,
  Query,
  ResolveField,
  ResolveReference,
  Resolver,
} from '@nestjs/graphql';
import {
  Allow,
  batchLoad,
  connection,
  CurrentPrincipal,
  pageRequest,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import { RecordTransfer, type Transfer } from '../../usecases/record-transfer.js';
import { ViewInvoices, type InvoiceStatus } from '../../usecases/view-invoices.js';
import { ViewSession } from '../../usecases/view-session.js';
import { toInvoiceNode, type InvoiceNode } from './bill-node.js';
import { loadSession, type SessionNode } from './session.resolver.js';

@Resolver('Invoice')
export class InvoiceResolver {
  constructor(
    private readonly view: ViewInvoices,
    private readonly sessions: ViewSession,
    private readonly transfer: RecordTransfer,
  ) {}

  @Query()
  @Allow('billing:read')
  async invoices(
    @Args() args: { first: number; after?: string; status?: InvoiceStatus | null; overdue?: boolean },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['id']);
    const { rows, total } = await this.view.list(
      principal,
      { status: args.status ?? undefined, overdue: args.overdue ?? false },
      page,
    );
    return { ...connection(page, rows, (invoice) => [invoice.id], toInvoiceNode), totalCount: total };
  }

  @Query()
  @Allow('billing:read')
  async invoice(@Args('id') id: string, @CurrentPrincipal() principal: Principal) {
    return toInvoiceNode(await this.view.one(principal, id));
  }

  @Mutation()
  @Allow('billing:write', 'all')
  async recordTransfer(@Args('input') input: Transfer, @CurrentPrincipal() principal: Principal) {
    return { invoice: toInvoiceNode(await this.transfer.run(principal, input)) };
  }

  @ResolveReference()
  @Allow('billing:read')
  async reference(reference: { id: string }, context: GraphqlContext): Promise<InvoiceNode | null> {
    const { principal } = context;
    if (!principal) return null;
    const invoice = await batchLoad(context, 'billing.invoice', reference.id, (ids) =>
      this.view.byIds(principal, ids),
    );
    return invoice ? toInvoiceNode(invoice) : null;
  }

  @ResolveField()
  @Allow('billing:read')
  async session(
    @Parent() { sessionId }: InvoiceNode,
    @Context() context: GraphqlContext,
  ): Promise<SessionNode | null> {
    return sessionId === undefined ? null : loadSession(this.sessions, sessionId, context);
  }
}
