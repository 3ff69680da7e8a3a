import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import { Allow, CurrentPrincipal, type GraphqlContext, type Principal } from '@kilowatch/platform';
import { CorrectBill, type BillCorrection } from '../../usecases/correct-bill.js';
import { unknownSession } from '../../usecases/unknown-session.js';
import { ViewInvoices } from '../../usecases/view-invoices.js';
import { ViewSession } from '../../usecases/view-session.js';
import { toInvoiceNode } from './bill-node.js';
import { loadSession } from './session.resolver.js';

@Resolver()
export class CorrectionResolver {
  constructor(
    private readonly correct: CorrectBill,
    private readonly invoices: ViewInvoices,
    private readonly sessions: ViewSession,
  ) {}

  @Mutation()
  @Allow('billing:write', 'all')
  async correctBill(
    @Args('input') input: BillCorrection,
    @CurrentPrincipal() principal: Principal,
    @Context() context: GraphqlContext,
  ) {
    const creditNoteId = await this.correct.run(principal, input);
    const session = await loadSession(this.sessions, input.sessionId, context);
    if (!session) throw unknownSession();
    const creditNote = creditNoteId && toInvoiceNode(await this.invoices.one(principal, creditNoteId));
    return { session, creditNote: creditNote ?? null };
  }
}
