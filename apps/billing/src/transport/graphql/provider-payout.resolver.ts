import { Args, Query, Resolver } from '@nestjs/graphql';
import type { Decimal } from '@kilowatch/kernel';
import { Allow, connection, CurrentPrincipal, pageRequest, type Principal } from '@kilowatch/platform';
import { shownMoney } from '../../domain/cost-lines.js';
import { ViewPayouts, type ProviderPayoutRecord } from '../../usecases/cards/view-payouts.js';
import { toFileNode } from './document.resolver.js';

@Resolver('ProviderPayout')
export class ProviderPayoutResolver {
  constructor(private readonly view: ViewPayouts) {}

  @Query()
  @Allow('billing:read', 'all')
  async providerPayouts(
    @Args() args: { first: number; after?: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['id']);
    return connection(page, await this.view.list(principal, page), ({ id }) => [id], toNode);
  }

  @Query()
  @Allow('billing:read', 'all')
  async providerPayoutsFile(@CurrentPrincipal() principal: Principal) {
    return toFileNode(await this.view.file(principal));
  }
}

function toNode({
  id,
  ref: reference,
  state,
  toldAt,
  currency,
  transactions,
  ...payout
}: ProviderPayoutRecord) {
  const money = (amount: Decimal) => shownMoney(amount.toFixed(), currency);
  return {
    ...{ id, reference, state, toldAt, transactions },
    amount: money(payout.amount),
    payoutAmount: money(payout.payoutAmount),
    payments: money(payout.payments),
    refunds: money(payout.refunds),
    chargebacks: money(payout.chargebacks),
    other: money(payout.other),
    fees: money(payout.fees),
  };
}
