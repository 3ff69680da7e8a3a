import { Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { lockSettling, saveSnapshot } from '../persistence/billed-session.repository.js';
import { SettleSession } from './settle-session.js';
import { ShowCosts } from './show-costs.js';

/** Takes over what sessions says of a session, and does what is due with it. */
@Injectable()
export class FollowSession {
  constructor(
    private readonly settle: SettleSession,
    private readonly costs: ShowCosts,
  ) {}

  async run(tx: Tx, snapshot: sessions.SessionSnapshot, meta: EventMeta): Promise<void> {
    lockSettling(tx, meta.tenant);
    const known = { ...snapshot, startedAt: snapshot.startedAt ?? meta.occurredAt };
    if (await saveSnapshot(tx, meta.tenant, known, meta.aggregateVersion)) {
      await this.settle.run(tx, meta.tenant, snapshot.sessionId);
      await this.costs.run(tx, meta.tenant, snapshot);
    }
  }
}
