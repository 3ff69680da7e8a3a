import { Injectable } from '@nestjs/common';
import { events, type billing } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { followFunds } from '../../usecases/follow-funds.js';

@Injectable()
export class AccountFundsChangedConsumer implements EventHandler<billing.AccountFundsChanged> {
  readonly event = events.accountFundsChanged;
  readonly sideBySide = true;

  async handle(tx: Tx, payload: billing.AccountFundsChanged, meta: EventMeta): Promise<void> {
    await followFunds(tx, payload, meta);
  }
}
