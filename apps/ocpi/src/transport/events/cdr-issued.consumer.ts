import { Injectable } from '@nestjs/common';
import { events, type billing } from '@kilowatch/contracts';
import type { EventHandler, EventMeta, Tx } from '@kilowatch/platform';
import { FollowSession } from '../../usecases/follow-session.js';

@Injectable()
export class CdrIssuedConsumer implements EventHandler<billing.CdrIssued> {
  readonly event = events.cdrIssued;
  readonly sideBySide = true;

  constructor(private readonly follow: FollowSession) {}

  async handle(tx: Tx, payload: billing.CdrIssued, meta: EventMeta): Promise<void> {
    if (payload.cdr) await this.follow.billed(tx, payload.cdr, meta);
  }
}
