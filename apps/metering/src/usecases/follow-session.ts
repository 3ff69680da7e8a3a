import { Inject, Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, type EventMeta, type Tx } from '@kilowatch/platform';
import { saveSession } from '../persistence/metered-session.repository.js';
import { CloseEnergy } from './close-energy.js';
import { LATE_WINDOW } from './late-window.js';
import { tellPower } from './power-news.js';
import { SessionIndex } from './session-index.js';

/** Takes over what sessions says of a session, and closes its energy when it has ended. */
@Injectable()
export class FollowSession {
  constructor(
    private readonly closeEnergy: CloseEnergy,
    private readonly index: SessionIndex,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LATE_WINDOW) private readonly lateWindowMs: number,
  ) {}

  async run(tx: Tx, snapshot: sessions.SessionSnapshot, meta: EventMeta): Promise<void> {
    const ended = snapshot.status === 'ENDED';
    const dueAt = ended ? new Date(this.clock.now().getTime() + this.lateWindowMs) : undefined;
    const held = await saveSession(tx, meta.tenant, {
      tenant: meta.tenant,
      sessionId: snapshot.sessionId,
      stationId: snapshot.stationId,
      evseNumber: snapshot.evseNumber,
      transactionRef: snapshot.transactionRef,
      ownRef: snapshot.ownTransactionRef || undefined,
      accountId: snapshot.accountId,
      status: ended ? 'ENDED' : 'ACTIVE',
      startedAt: snapshot.startedAt ?? meta.occurredAt,
      endedAt: snapshot.endedAt,
      maxPowerW: snapshot.maxCurrentA * snapshot.maxVoltageV * Math.max(1, snapshot.phases),
      clockOffsetSeconds: snapshot.clockOffsetSeconds,
      locationId: snapshot.locationId,
      evseId: snapshot.evseId,
      sessionsVersion: meta.aggregateVersion,
      dueAt,
    });
    if (held) {
      this.index.learn(tx, held);
      await this.closeEnergy.ifComplete(tx, held);
      tellPower(tx, [held]);
    }
    tx.live('session', snapshot.sessionId, meta.aggregateVersion);
  }
}
