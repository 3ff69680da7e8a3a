import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import {
  Allow,
  connection,
  CurrentPrincipal,
  pageRequest,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import { unknownSession } from '../../usecases/unknown-session.js';
import { ViewInvoices } from '../../usecases/view-invoices.js';
import { ViewSession } from '../../usecases/view-session.js';
import { toInvoicedNode, type InvoiceNode } from './bill-node.js';
import { loadSession, type SessionNode } from './session.resolver.js';

/** The sessions of an invoice. */
@Resolver('Invoice')
export class InvoicedSessionsResolver {
  constructor(private readonly view: ViewInvoices) {}

  @ResolveField()
  @Allow('billing:read')
  async sessions(
    @Parent() { id }: InvoiceNode,
    @Args() args: { first: number; after?: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['integer']);
    const rows = await this.view.sessions(principal, id, page);
    return connection(page, rows, ({ position }) => [position], toInvoicedNode);
  }
}

@Resolver('InvoicedSession')
export class InvoicedSessionResolver {
  constructor(private readonly view: ViewSession) {}

  @ResolveField()
  @Allow('billing:read')
  async session(
    @Parent() { sessionId }: ReturnType<typeof toInvoicedNode>,
    @Context() context: GraphqlContext,
  ): Promise<SessionNode> {
    const session = await loadSession(this.view, sessionId, context);
    if (!session) throw unknownSession();
    return session;
  }
}
