import { Injectable } from '@nestjs/common';
import type { DueWorkDefinition, Tx } from '@kilowatch/platform';
import { dropStretchesBefore } from '../../persistence/feed-price.repository.js';

/** Versions of tariffs hold what was charged; the curves behind them are for those who look back. */
const KEPT_MS = 400 * 86_400_000;

@Injectable()
export class ForgetOldPrices implements DueWorkDefinition<{ tenant: string }> {
  readonly name = 'forget-old-prices';
  readonly intervalMs = 3_600_000;
  readonly limit = 5_000;

  take(tx: Tx, now: Date, limit: number): Promise<{ tenant: string }[]> {
    return dropStretchesBefore(tx, new Date(now.getTime() - KEPT_MS), limit);
  }
}
