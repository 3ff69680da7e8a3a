import { Inject, Injectable } from '@nestjs/common';
import { invalid, isUuid, notFound } from '@kilowatch/kernel';
import { Database, tenantScope, type Principal } from '@kilowatch/platform';
import { findSetup, type CardSetup } from '../../persistence/card-setup.repository.js';
import { BeginSetup, providerAway } from './begin-setup.js';
import { CARD_SETTINGS, type CardSettings } from './card-settings.js';
import { KeepCard } from './keep-card.js';
import { assertCards } from './no-cards.js';
import { PAYMENT_PROVIDER, type PaymentProvider, type WayBack } from './payment-provider.js';

export interface CardPageInput {
  readonly returnUrl: string;
  readonly idempotencyKey: string;
}

/** A card that its holder types in on a page of the provider, for apps that load no script of theirs. */
@Injectable()
export class CardPages {
  constructor(
    private readonly database: Database,
    private readonly begin: BeginSetup,
    private readonly keep: KeepCard,
    @Inject(PAYMENT_PROVIDER) private readonly provider: PaymentProvider,
    @Inject(CARD_SETTINGS) private readonly settings: CardSettings,
  ) {}

  /** Once per key. Throws INVALID `BILLING_RETURN_URL` for a way back that is not one of `KW_CARD_RETURN_URLS`; else as BeginSetup. */
  async open(
    principal: Principal,
    { returnUrl, idempotencyKey }: CardPageInput,
  ): Promise<{ readonly setupId: string; readonly url: string }> {
    assertCards(this.provider);
    // Whole addresses: a page of ours that leads on to where its query says would be a way out.
    if (!this.settings.returnUrls.includes(returnUrl))
      throw invalid('BILLING_RETURN_URL', 'The way back is none of the addresses that are set up for it.');
    const request = { operation: 'openCardPage', key: idempotencyKey, args: { returnUrl } } as const;
    const { id, setup } = await this.begin.run(principal, request, (owner, customerRef) =>
      this.provider.newSetupPage(owner, customerRef, wayBack(returnUrl, owner.id), `${owner.id}:PAGE`),
    );
    if (setup.url === undefined) throw providerAway();
    return { setupId: id, url: setup.url };
  }

  /** What came of an own setup: the provider is asked now, unless it is over. Throws NOT_FOUND. */
  async finish(principal: Principal, setupId: string): Promise<CardSetup['state']> {
    const setup = await this.own(principal, setupId);
    if (setup.state !== 'OPEN') return setup.state;
    await this.keep.look(setup);
    return (await this.own(principal, setupId)).state;
  }

  private async own({ tenant, accountId }: Principal, setupId: string): Promise<CardSetup> {
    const setup = isUuid(setupId)
      ? await this.database.transaction(tenantScope(tenant), (tx) => findSetup(tx, tenant, setupId))
      : undefined;
    if (setup?.accountId !== accountId)
      throw notFound('BILLING_CARD_SETUP', 'There is no card that is being saved by that name.');
    return setup;
  }
}

/** The app finds in its query which setup it was, and whether its visitor went through with it; neither is to be believed. */
function wayBack(returnUrl: string, setupId: string): WayBack {
  const to = (outcome: keyof WayBack) => {
    const url = new URL(returnUrl);
    url.searchParams.set('cardSetup', setupId);
    url.searchParams.set('page', outcome);
    return url.href;
  };
  return { done: to('done'), left: to('left') };
}
