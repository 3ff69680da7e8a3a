import { Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { saveSession } from '../persistence/known-session.repository.js';

/** Keeps whose session it is and whether it has ended. */
@Injectable()
export class FollowSession {
  async run(tx: Tx, session: sessions.SessionSnapshot, meta: EventMeta): Promise<void> {
    await saveSession(tx, meta.tenant, {
      tenant: meta.tenant,
      sessionId: session.sessionId,
      accountId: session.accountId,
      stationId: session.stationId,
      ended: session.status === 'ENDED',
      version: meta.aggregateVersion,
    });
  }
}
