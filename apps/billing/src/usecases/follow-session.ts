import { Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { nudgeFunds } from '../persistence/account-funds.repository.js';
import { lockSettling, saveSnapshot } from '../persistence/billed-session.repository.js';
import { openFund } from '../persistence/session-fund.repository.js';
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
    const session = await saveSnapshot(tx, meta.tenant, { snapshot: known, version: meta.aggregateVersion });
    if (!session) return;
    await this.settle.run(tx, session);
    await this.fund(tx, meta.tenant, snapshot);
    await this.costs.run(tx, meta.tenant, snapshot);
  }

  /** What it may use is looked at as soon as this is true. Nobody's money is used by a driver whom nobody knows. */
  private async fund(
    tx: Tx,
    tenant: string,
    { sessionId, accountId, stationId }: sessions.SessionSnapshot,
  ): Promise<void> {
    if (accountId === '') return;
    await openFund(tx, tenant, { sessionId, accountId, stationId });
    await nudgeFunds(tx, tenant, accountId);
  }
}
