import { Injectable } from '@nestjs/common';
import { events, type billing } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { followCredit } from '../../usecases/follow-credit.js';

@Injectable()
export class WalletChangedConsumer implements EventHandler<billing.WalletChanged> {
  readonly event = events.walletChanged;
  readonly sideBySide = true;

  async handle(tx: Tx, payload: billing.WalletChanged, meta: EventMeta): Promise<void> {
    await followCredit(tx, payload, meta);
  }
}
