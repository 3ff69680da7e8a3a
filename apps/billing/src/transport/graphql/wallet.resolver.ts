import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Allow, connection, CurrentPrincipal, pageRequest, type Principal } from '@kilowatch/platform';
import { shownMoney } from '../../domain/cost-lines.js';
import type { Posting } from '../../domain/ledger.js';
import { TopUpWallet, type TopUp } from '../../usecases/top-up-wallet.js';
import { ViewLedger } from '../../usecases/view-ledger.js';

@Resolver('Wallet')
export class WalletResolver {
  constructor(
    private readonly view: ViewLedger,
    private readonly topUp: TopUpWallet,
  ) {}

  @Query()
  @Allow('billing:read')
  wallet(@Args() args: { accountId?: string | null }, @CurrentPrincipal() principal: Principal) {
    return this.view.wallet(principal, args.accountId ?? undefined);
  }

  @Query()
  @Allow('billing:read', 'all')
  async journal(@Args() args: { first: number; after?: string }, @CurrentPrincipal() principal: Principal) {
    const page = pageRequest(args, ['id']);
    return connection(page, await this.view.journal(principal, page), (entry) => [entry.id], toJournalNode);
  }

  @Mutation()
  @Allow('billing:write')
  async topUpWallet(@Args('input') input: TopUp, @CurrentPrincipal() principal: Principal) {
    return { wallet: await this.topUp.run(principal, input) };
  }
}

function toJournalNode({ id, reason, reference, postedAt, entries }: Posting) {
  return {
    id,
    postedAt,
    kind: reason,
    reference,
    postings: entries.map((entry) => ({
      account: entry.account,
      amount: shownMoney(entry.amount.toFixed(), entry.currency),
    })),
  };
}
