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
import type { PaymentState } from '../../domain/payment.js';
import { ManageCards, type CardWallet } from '../../usecases/cards/manage-cards.js';
import { PayByCard, type CardTopUp, type InvoiceByCard } from '../../usecases/cards/pay-by-card.js';
import { RefundPayment, type RefundInput } from '../../usecases/cards/refund-payment.js';
import { ViewPayments } from '../../usecases/cards/view-payments.js';
import type { InvoiceNode } from './bill-node.js';
import { toPaymentNode, type PaymentNode } from './payment-node.js';

@Resolver('Payment')
export class PaymentResolver {
  constructor(
    private readonly view: ViewPayments,
    private readonly cards: ManageCards,
    private readonly pay: PayByCard,
    private readonly refund: RefundPayment,
  ) {}

  @Query()
  @Allow('billing:read')
  async paymentCards(@Args() args: { accountId?: string | null }, @CurrentPrincipal() principal: Principal) {
    return toCardsNode(await this.cards.view(principal, args.accountId ?? undefined));
  }

  @Query()
  @Allow('billing:read')
  async payments(
    @Args()
    args: { first: number; after?: string; sessionId?: string | null; state?: PaymentState | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['id']);
    const filter = { sessionId: args.sessionId ?? undefined, state: args.state ?? undefined };
    const rows = await this.view.list(principal, filter, page);
    return connection(
      page,
      rows,
      ({ payment }) => [payment.id],
      (shown) => toPaymentNode(shown, principal),
    );
  }

  @Query()
  @Allow('billing:read')
  async payment(@Args('id') id: string, @CurrentPrincipal() principal: Principal) {
    return toPaymentNode(await this.view.one(principal, id), principal);
  }

  @Mutation()
  @Allow('cards:write')
  setUpCard(@Args('input') input: { idempotencyKey: string }, @CurrentPrincipal() principal: Principal) {
    return this.cards.setUp(principal, input.idempotencyKey);
  }

  @Mutation()
  @Allow('cards:write')
  async removeCard(@Args('input') input: { cardId: string }, @CurrentPrincipal() principal: Principal) {
    return { cards: toCardsNode(await this.cards.remove(principal, input.cardId)) };
  }

  @Mutation()
  @Allow('cards:write')
  async choosePaymentMethod(
    @Args('input') input: { method: 'CARD' | 'AS_AGREED'; cardId?: string | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    return { cards: toCardsNode(await this.cards.choose(principal, input)) };
  }

  @Mutation()
  @Allow('cards:write')
  async topUpWalletByCard(@Args('input') input: CardTopUp, @CurrentPrincipal() principal: Principal) {
    return this.payload(principal, await this.pay.topUp(principal, input));
  }

  @Mutation()
  @Allow('cards:write')
  async payInvoiceByCard(@Args('input') input: InvoiceByCard, @CurrentPrincipal() principal: Principal) {
    return this.payload(principal, await this.pay.invoice(principal, input));
  }

  @Mutation()
  @Allow('billing:write', 'all')
  async refundPayment(@Args('input') input: RefundInput, @CurrentPrincipal() principal: Principal) {
    return this.payload(principal, await this.refund.run(principal, input));
  }

  @ResolveField()
  @Allow('billing:read')
  async clientSecret(@Parent() { shown }: PaymentNode, @CurrentPrincipal() principal: Principal) {
    return (await this.view.clientSecret(principal, shown.payment)) ?? null;
  }

  private async payload(principal: Principal, id: string) {
    return { payment: toPaymentNode(await this.view.one(principal, id), principal) };
  }
}

/** What cards have to do with an invoice. */
@Resolver('Invoice')
export class InvoicePaymentsResolver {
  constructor(private readonly view: ViewPayments) {}

  @ResolveField()
  @Allow('billing:read')
  async payments(
    @Parent() { id, sessionId }: InvoiceNode,
    @CurrentPrincipal() principal: Principal,
    @Context() context: GraphqlContext,
  ) {
    const found =
      sessionId === undefined
        ? await batchLoad(context, 'billing.paymentsOfMonths', id, (ids) =>
            this.view.ofInvoices(principal, ids),
          )
        : await batchLoad(context, 'billing.payments', sessionId, (ids) =>
            this.view.ofSessions(principal, ids),
          );
    return (found ?? []).map((shown) => toPaymentNode(shown, principal));
  }
}

export function toCardsNode({ prefersCard, ...wallet }: CardWallet) {
  return { ...wallet, method: prefersCard ? 'CARD' : 'AS_AGREED' };
}
