import { Injectable } from '@nestjs/common';
import { events, type auth } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { FollowAccount } from '../../usecases/follow-account.js';

@Injectable()
export class AccountChangedConsumer implements EventHandler<auth.AccountChanged> {
  readonly event = events.accountChanged;
  readonly sideBySide = true;

  constructor(private readonly follow: FollowAccount) {}

  async handle(tx: Tx, payload: auth.AccountChanged, meta: EventMeta): Promise<void> {
    await this.follow.run(tx, payload, meta);
  }
}
