import { Injectable } from '@nestjs/common';
import type { DueWorkDefinition, Tx } from '@kilowatch/platform';
import { lockTariffs } from '../persistence/tariff.repository.js';
import { dropTurn, takeTurns, type TariffTurn } from '../persistence/tariff-version.repository.js';
import { PublishTariff } from './publish-tariff.js';

/**
 * Lets planned versions of tariffs take over when their moment has come. Prices do not wait for it: sessions and quotes look for the version
 * of their moment. It tells partners, and wakes what waited for a price.
 */
@Injectable()
export class TurnTariffs implements DueWorkDefinition<TariffTurn> {
  readonly name = 'turn-tariffs';
  readonly intervalMs = 1_000;

  constructor(private readonly tariffs: PublishTariff) {}

  take(tx: Tx, now: Date, limit: number): Promise<TariffTurn[]> {
    return takeTurns(tx, now, limit);
  }

  async run(tx: Tx, turn: TariffTurn, now: Date): Promise<void> {
    lockTariffs(tx, turn.tenant);
    await this.tariffs.takeOver(tx, turn.tenant, turn.tariffId, now);
    await dropTurn(tx, turn);
  }
}
