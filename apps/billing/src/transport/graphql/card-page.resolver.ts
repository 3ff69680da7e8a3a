import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { Allow, CurrentPrincipal, type Principal } from '@kilowatch/platform';
import { CardPages, type CardPageInput } from '../../usecases/cards/card-pages.js';
import { ManageCards } from '../../usecases/cards/manage-cards.js';
import { toCardsNode } from './payment.resolver.js';

/** A card saved on a page of the provider. */
@Resolver()
export class CardPageResolver {
  constructor(
    private readonly pages: CardPages,
    private readonly cards: ManageCards,
  ) {}

  @Mutation()
  @Allow('cards:write')
  openCardPage(@Args('input') input: CardPageInput, @CurrentPrincipal() principal: Principal) {
    return this.pages.open(principal, input);
  }

  @Mutation()
  @Allow('cards:write')
  async finishCardSetup(
    @Args('input') { setupId }: { setupId: string },
    @CurrentPrincipal() principal: Principal,
  ) {
    const state = await this.pages.finish(principal, setupId);
    return { state, cards: toCardsNode(await this.cards.view(principal, undefined)) };
  }
}
