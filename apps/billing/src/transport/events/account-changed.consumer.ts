import { Injectable } from '@nestjs/common';
import { events, type auth } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { FollowAccount } from '../../usecases/follow-account.js';

@Injectable()
export class AccountChangedConsumer implements EventHandler<auth.AccountChanged> {
  readonly event = events.accountChanged;

  constructor(private readonly follow: FollowAccount) {}

  handle(tx: Tx, payload: auth.AccountChanged, meta: EventMeta): Promise<void> {
    return this.follow.run(tx, payload, meta);
  }
}
