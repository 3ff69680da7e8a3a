import { Inject, Injectable } from '@nestjs/common';
import { unavailable, type Clock, type IdSource } from '@kilowatch/kernel';
import { argsHash, CLOCK, Database, idempotent, IDS, tenantScope, type Principal } from '@kilowatch/platform';
import { insertSetup } from '../../persistence/card-setup.repository.js';
import { findPayer, saveCustomer } from '../../persistence/card.repository.js';
import { assertCards } from './no-cards.js';
import {
  PAYMENT_PROVIDER,
  type Answer,
  type OwnerTag,
  type PaymentProvider,
  type ProviderSetup,
} from './payment-provider.js';

export interface SetupRequest {
  readonly operation: 'setUpCard' | 'openCardPage';
  readonly key: string;
  readonly args: Readonly<Record<string, string>>;
}

/** Asks the provider to begin, under a key that belongs to `owner`. */
type Ask = (owner: OwnerTag, customerRef: string) => Promise<Answer<ProviderSetup>>;

/** A webhook tells when the card is there; this is when it is asked about should none come. */
const LOOK_AFTER_MS = 60_000;

/** What both ways of saving a card begin with: a customer at the provider, and a row that is asked about until it is over. */
@Injectable()
export class BeginSetup {
  constructor(
    private readonly database: Database,
    @Inject(PAYMENT_PROVIDER) private readonly provider: PaymentProvider,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /**
   * Once per key: repeated, it has the same id, and the provider gives its first answer. Throws PRECONDITION where cards are off,
   * UNAVAILABLE when the provider gives no answer, CONFLICT for a key that was used with other arguments.
   */
  async run(
    { tenant, accountId }: Principal,
    { operation, key, args }: SetupRequest,
    ask: Ask,
  ): Promise<{ readonly id: string; readonly setup: ProviderSetup }> {
    assertCards(this.provider);
    const request = { operation, subject: accountId, key, argsHash: argsHash(args) };
    const { id, known } = await this.database.transaction(tenantScope(tenant), (tx) =>
      idempotent(tx, request, async () => ({
        id: this.ids.newId(),
        known: (await findPayer(tx, tenant, accountId))?.customerRef ?? null,
      })),
    );
    const customerRef = known ?? (await this.newCustomer(tenant, accountId));
    const setup = told(await ask({ tenant, id }, customerRef));
    const now = this.clock.now();
    const row = { tenant, id, accountId, providerRef: setup.ref, attempts: 0, createdAt: now };
    await this.database.transaction(tenantScope(tenant), (tx) =>
      insertSetup(tx, row, new Date(now.getTime() + LOOK_AFTER_MS)),
    );
    return { id, setup };
  }

  private async newCustomer(tenant: string, accountId: string): Promise<string> {
    const owner = { tenant, id: accountId };
    const made = told(await this.provider.newCustomer(owner, `${tenant}:${accountId}:CUSTOMER`));
    return this.database.transaction(tenantScope(tenant), (tx) => saveCustomer(tx, tenant, accountId, made));
  }
}

function told<T>(answer: Answer<T>): T {
  if (answer.kind !== 'DONE') throw providerAway();
  return answer.value;
}

export const providerAway = () =>
  unavailable('BILLING_PAYMENT_PROVIDER', 'The payment provider cannot be asked now. Try again later.');
