import { Inject, Injectable } from '@nestjs/common';
import { isUuid, notFound, precondition, type Clock } from '@kilowatch/kernel';
import {
  CLOCK,
  Database,
  mayOn,
  ownerLimit,
  tenantScope,
  type Principal,
  type Tx,
} from '@kilowatch/platform';
import {
  dropCard,
  findPayer,
  listCards,
  makeDefault,
  savePreference,
  type Card,
} from '../../persistence/card.repository.js';
import { BeginSetup, providerAway } from './begin-setup.js';
import { assertCards } from './no-cards.js';
import { PAYMENT_PROVIDER, type PaymentProvider } from './payment-provider.js';

export type { Card };

export interface CardWallet {
  readonly accountId: string;
  readonly offered: boolean;
  readonly publishableKey: string;
  readonly prefersCard: boolean;
  readonly cards: readonly Card[];
}

export interface SetUp {
  readonly clientSecret: string;
  readonly publishableKey: string;
}

/** A driver's own cards. What is on them never comes here: the app hands it to the provider. */
@Injectable()
export class ManageCards {
  constructor(
    private readonly database: Database,
    @Inject(PAYMENT_PROVIDER) private readonly provider: PaymentProvider,
    private readonly begin: BeginSetup,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A driver's own, whatever is asked for another is NOT_FOUND; operators name the account. */
  async view(principal: Principal, asked: string | undefined): Promise<CardWallet> {
    const { tenant } = principal;
    const accountId = asked ?? ownerLimit(principal, 'billing:read') ?? principal.accountId;
    if (!mayOn(principal, 'billing:read', { accountId })) {
      throw notFound('BILLING_CARDS', 'There are no such cards.');
    }
    return this.database.read(tenantScope(tenant), (tx) => this.walletOf(tx, tenant, accountId));
  }

  /** Begins to save a card: the app confirms it with the secret. Once per key. */
  async setUp(principal: Principal, idempotencyKey: string): Promise<SetUp> {
    const request = { operation: 'setUpCard', key: idempotencyKey, args: {} } as const;
    const { setup } = await this.begin.run(principal, request, (owner, customerRef) =>
      this.provider.newSetup(owner, customerRef, `${owner.id}:SETUP`),
    );
    if (setup.clientSecret === undefined) throw providerAway();
    return { clientSecret: setup.clientSecret, publishableKey: this.provider.publishableKey };
  }

  /** CARD: with the card that is named, else the default one. AS_AGREED: by what is agreed with the account. */
  async choose(
    principal: Principal,
    { method, cardId }: { readonly method: 'CARD' | 'AS_AGREED'; readonly cardId?: string | null },
  ): Promise<CardWallet> {
    if (method === 'CARD') assertCards(this.provider);
    const { tenant, accountId } = principal;
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      if (cardId) await makeDefault(tx, tenant, await ownCard(tx, principal, cardId));
      if (method === 'CARD' && (await listCards(tx, tenant, accountId)).length === 0) {
        throw precondition('BILLING_NO_CARD', 'Save a card first.');
      }
      await savePreference(tx, tenant, accountId, method === 'CARD');
      return this.walletOf(tx, tenant, accountId);
    });
  }

  /** Payments with it that are under way are still made. */
  async remove(principal: Principal, cardId: string): Promise<CardWallet> {
    const { tenant, accountId } = principal;
    const card = await this.database.transaction(tenantScope(tenant), async (tx) => {
      const found = await ownCard(tx, principal, cardId);
      const left = await dropCard(tx, tenant, found, this.clock.now());
      if (!left) await savePreference(tx, tenant, accountId, false);
      return found;
    });
    // Ours forget it first: should the provider be away, it keeps a card that nobody asks for any more.
    await this.provider.removeCard(card.providerRef);
    return this.database.read(tenantScope(tenant), (tx) => this.walletOf(tx, tenant, accountId));
  }

  private async walletOf(tx: Tx, tenant: string, accountId: string): Promise<CardWallet> {
    const [payer, cards] = await Promise.all([
      findPayer(tx, tenant, accountId),
      listCards(tx, tenant, accountId),
    ]);
    const { name, publishableKey } = this.provider;
    return {
      accountId,
      offered: name !== '',
      publishableKey,
      prefersCard: payer?.prefersCard ?? false,
      cards,
    };
  }
}

/** The driver's, and not removed. Throws NOT_FOUND. */
export async function ownCard(
  tx: Tx,
  { tenant, accountId }: Principal,
  cardId: string | undefined,
): Promise<Card> {
  const cards = await listCards(tx, tenant, accountId);
  const card = cardId === undefined ? cards[0] : cards.find(({ id }) => isUuid(cardId) && id === cardId);
  if (!card) throw notFound('BILLING_CARD', 'There is no such card.');
  return card;
}
