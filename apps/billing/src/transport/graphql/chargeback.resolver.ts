import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Decimal } from '@kilowatch/kernel';
import {
  Allow,
  batchLoad,
  connection,
  CurrentPrincipal,
  pageRequest,
  type GraphqlContext,
  type Principal,
} from '@kilowatch/platform';
import { shownMoney } from '../../domain/cost-lines.js';
import {
  ViewChargebacks,
  type ChargebackRecord,
  type ChargebackState,
} from '../../usecases/cards/view-chargebacks.js';
import { ViewPayments } from '../../usecases/cards/view-payments.js';
import { ViewInvoices } from '../../usecases/view-invoices.js';
import { ViewSession } from '../../usecases/view-session.js';
import { toInvoiceNode } from './bill-node.js';
import { toPaymentNode } from './payment-node.js';
import { loadSession } from './session.resolver.js';

@Resolver('Chargeback')
export class ChargebackResolver {
  constructor(
    private readonly view: ViewChargebacks,
    private readonly payments: ViewPayments,
    private readonly invoices: ViewInvoices,
    private readonly sessions: ViewSession,
  ) {}

  @Query()
  @Allow('billing:read', 'all')
  async chargebacks(
    @Args()
    args: {
      first: number;
      after?: string;
      undecided?: boolean | null;
      state?: ChargebackState | null;
      accountId?: string | null;
    },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['id']);
    const filter = {
      undecided: args.undecided ?? false,
      state: args.state ?? undefined,
      accountId: args.accountId ?? undefined,
    };
    const { rows, total } = await this.view.list(principal, filter, page);
    return { ...connection(page, rows, ({ id }) => [id], toNode), totalCount: total };
  }

  @Query()
  @Allow('billing:read', 'all')
  async chargeback(@Args('id') id: string, @CurrentPrincipal() principal: Principal) {
    return toNode(await this.view.one(principal, id));
  }

  @ResolveField()
  @Allow('billing:read')
  async payment(
    @Parent() { record }: ChargebackNode,
    @CurrentPrincipal() principal: Principal,
    @Context() context: GraphqlContext,
  ) {
    const shown = await batchLoad(context, 'billing.payment', record.paymentId, (ids) =>
      this.payments.byIds(principal, ids),
    );
    return shown ? toPaymentNode(shown, principal) : null;
  }

  @ResolveField()
  @Allow('billing:read')
  async invoice(
    @Parent() { record }: ChargebackNode,
    @CurrentPrincipal() principal: Principal,
    @Context() context: GraphqlContext,
  ) {
    if (record.invoiceId === undefined) return null;
    const invoice = await batchLoad(context, 'billing.invoice', record.invoiceId, (ids) =>
      this.invoices.byIds(principal, ids),
    );
    return invoice ? toInvoiceNode(invoice) : null;
  }

  @ResolveField()
  @Allow('billing:read')
  async session(@Parent() { record }: ChargebackNode, @Context() context: GraphqlContext) {
    if (record.sessionId === undefined) return null;
    return (await loadSession(this.sessions, record.sessionId, context)) ?? null;
  }
}

type ChargebackNode = ReturnType<typeof toNode>;

function toNode(record: ChargebackRecord) {
  const money = (amount: Decimal) => shownMoney(amount.toFixed(), record.currency);
  return {
    record,
    id: record.id,
    reference: record.ref,
    state: record.state,
    reason: record.reason,
    amount: money(record.amount),
    withdrawn: money(record.withdrawn),
    fee: money(record.fee),
    claim: money(record.claim),
    evidenceDueAt: record.evidenceDueAt ?? null,
    evidenceSent: record.evidenceSent,
    openedAt: record.openedAt,
    closedAt: record.closedAt ?? null,
    updatedAt: record.updatedAt,
    account: { id: record.accountId },
  };
}
