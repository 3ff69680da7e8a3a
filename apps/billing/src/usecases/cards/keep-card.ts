import { Inject, Injectable } from '@nestjs/common';
import type { Clock, IdSource } from '@kilowatch/kernel';
import {
  CLOCK,
  Database,
  IDS,
  tenantScope,
  UnderWay,
  type DueWorkDefinition,
  type Tx,
} from '@kilowatch/platform';
import {
  closeSetup,
  findSetup,
  takeDueSetups,
  type CardSetup,
} from '../../persistence/card-setup.repository.js';
import { insertCard } from '../../persistence/card.repository.js';
import { PAYMENT_PROVIDER, type CardDetails, type PaymentProvider } from './payment-provider.js';

/** A page is good for a day; the last look is after it. */
const GIVEN_UP_MS = 25 * 3_600_000;

/** A card that a driver saved in their app becomes known, by webhook or because it was asked about. */
@Injectable()
export class KeepCard implements DueWorkDefinition<CardSetup> {
  readonly name = 'keep-cards';
  readonly intervalMs = 1_000;
  private readonly underWay = new UnderWay();

  constructor(
    private readonly database: Database,
    @Inject(PAYMENT_PROVIDER) private readonly provider: PaymentProvider,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<CardSetup[]> {
    return takeDueSetups(tx, now, limit);
  }

  /** The row was pushed on when it was taken. */
  async run(tx: Tx, setup: CardSetup): Promise<void> {
    tx.afterCommit(() => void this.underWay.add(this.look(setup).catch(() => undefined)));
    return Promise.resolve();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.underWay.idle();
  }

  /** In the caller's transaction; false when nobody asked to save it. */
  async done(tx: Tx, tenant: string, setupId: string, details: CardDetails): Promise<boolean> {
    const setup = await findSetup(tx, tenant, setupId);
    if (!setup) return false;
    const { ref: providerRef, ...shown } = details;
    const { accountId } = setup;
    const addedAt = this.clock.now();
    await insertCard(tx, tenant, { ...shown, id: this.ids.newId(), accountId, providerRef, addedAt });
    await closeSetup(tx, tenant, setupId, 'DONE');
    return true;
  }

  /** In the caller's transaction: nothing will come of it; false when nobody asked to save it. */
  async givenUp(tx: Tx, tenant: string, setupId: string): Promise<boolean> {
    const setup = await findSetup(tx, tenant, setupId);
    if (setup) await closeSetup(tx, tenant, setupId, 'FAILED');
    return setup !== undefined;
  }

  /** Asks what came of it, and keeps the card if it is there. Without an answer nothing changes. */
  async look(setup: CardSetup): Promise<void> {
    const { tenant, id, providerRef, createdAt } = setup;
    const answer = await this.provider.readSetup(providerRef);
    const found = answer.kind === 'DONE' ? answer.value : undefined;
    const card = found?.cardRef ? await this.provider.readCard(found.cardRef) : undefined;
    const tooLate = this.clock.now().getTime() - createdAt.getTime() > GIVEN_UP_MS;
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      if (found?.state === 'DONE' && card?.kind === 'DONE') await this.done(tx, tenant, id, card.value);
      else if (found?.state === 'FAILED' || tooLate) await closeSetup(tx, tenant, id, 'FAILED');
    });
  }
}
