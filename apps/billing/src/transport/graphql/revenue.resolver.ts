import { Args, Query, Resolver } from '@nestjs/graphql';
import type { Decimal } from '@kilowatch/kernel';
import { Allow, connection, CurrentPrincipal, pageRequest, type Principal } from '@kilowatch/platform';
import { shownMoney } from '../../domain/cost-lines.js';
import { revenueKey, type RevenueRange, type RevenueRow } from '../../domain/revenue.js';
import { ViewRevenue } from '../../usecases/view-revenue.js';
import { toFileNode } from './document.resolver.js';

@Resolver('RevenueRow')
export class RevenueResolver {
  constructor(private readonly view: ViewRevenue) {}

  @Query()
  @Allow('billing:read', 'all')
  async revenue(
    @Args() args: { input: RevenueRange; first: number; after?: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['text', 'text', 'text', 'text']);
    return connection(page, await this.view.list(principal, args.input, page), revenueKey, toNode);
  }

  @Query()
  @Allow('billing:read', 'all')
  async revenueFile(@Args('input') input: RevenueRange, @CurrentPrincipal() principal: Principal) {
    return toFileNode(await this.view.file(principal, input));
  }
}

function toNode(row: RevenueRow) {
  const { period, currency, taxes, creditNotes, sessions } = row;
  const money = (amount: Decimal) => shownMoney(amount.toFixed(), currency);
  const place = (id: string, name: string) => (id === '' ? null : { id, name });
  return {
    period,
    location: place(row.locationId, row.locationName),
    station: place(row.stationId, row.stationIdentity),
    net: money(row.net),
    tax: money(row.tax),
    taxes: taxes.map((tax) => ({ ...tax, base: money(tax.base), amount: money(tax.amount) })),
    creditedNet: money(row.creditedNet),
    creditNotes,
    partnerNet: money(row.partnerNet),
    providerFees: money(row.providerFees),
    energyWh: row.energyMwh / 1000,
    sessions,
  };
}
