import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { Decimal } from '@kilowatch/kernel';
import { Allow, CurrentPrincipal, type Principal } from '@kilowatch/platform';
import { shownMoney } from '../../domain/cost-lines.js';
import type { PaymentTerms } from '../../domain/payment-terms.js';
import { AgreeTerms, type ShownTerms, type TermsInput } from '../../usecases/agree-terms.js';

@Resolver('PaymentTerms')
export class PaymentTermsResolver {
  constructor(private readonly terms: AgreeTerms) {}

  @Query()
  @Allow('billing:read')
  async paymentTerms(@Args() args: { accountId?: string | null }, @CurrentPrincipal() principal: Principal) {
    return toNode(await this.terms.view(principal, args.accountId ?? undefined));
  }

  @Mutation()
  @Allow('billing:write', 'all')
  async setPaymentTerms(@Args('input') input: TermsInput, @CurrentPrincipal() principal: Principal) {
    return { terms: toNode(await this.terms.set(principal, input)) };
  }

  @ResolveField()
  @Allow('billing:read')
  async changes(@Parent() node: { accountId: string | null }, @CurrentPrincipal() principal: Principal) {
    const changes = await this.terms.changes(principal, node.accountId ?? '');
    return changes.map((change) => ({
      ...figures(change),
      changedAt: change.updatedAt,
      changedBy: change.updatedBy,
      reason: change.reason,
    }));
  }
}

function toNode(terms: ShownTerms) {
  return {
    ...figures(terms),
    accountId: terms.accountId || null,
    own: terms.own,
    updatedAt: terms.agreed?.updatedAt ?? null,
  };
}

function figures(terms: PaymentTerms) {
  const { kind, invoicing, currency, daysToPay, blocked, creditLimit } = terms;
  const shown = (amount: Decimal) => shownMoney(amount.toFixed(), currency);
  return {
    kind,
    invoicing,
    currency,
    floor: shown(terms.floor),
    minimumToStart: shown(terms.minimumToStart),
    creditLimit: creditLimit ? shown(creditLimit) : null,
    daysToPay,
    blocked,
  };
}
