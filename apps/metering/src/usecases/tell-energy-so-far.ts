import { Injectable } from '@nestjs/common';
import type { metering } from '@kilowatch/contracts';
import { invalid, isUuid } from '@kilowatch/kernel';
import { Database, tenantScope } from '@kilowatch/platform';
import { findSessions } from '../persistence/metered-session.repository.js';
import { readingsOfSession } from '../persistence/reading.repository.js';
import { MeasureSession, meteredMessage } from './measure-session.js';

/** Of a long session there are thousands of readings, which are in memory together. */
const MOST_SESSIONS = 20;

/** The energy of sessions as it would close now: what the live cost is priced from, so that it is the final one if they stop now. */
@Injectable()
export class TellEnergySoFar {
  constructor(
    private readonly database: Database,
    private readonly measure: MeasureSession,
  ) {}

  /** Throws INVALID for more than 20, and for what is no session id. */
  async run(tenant: string, sessionIds: readonly string[]): Promise<metering.TellEnergySoFarResponse> {
    if (sessionIds.length > MOST_SESSIONS || !sessionIds.every(isUuid)) {
      throw invalid('METERING_SESSIONS_INVALID', `Ask for up to ${MOST_SESSIONS} sessions by their ids.`);
    }
    const sessions = await this.database.read(tenantScope(tenant), async (tx) =>
      Promise.all(
        (await findSessions(tx, tenant, sessionIds)).map(async (session) => {
          const readings = await readingsOfSession(tx, tenant, session);
          const measured = await this.measure.run(tx, tenant, session, readings);
          return { ...meteredMessage(session.sessionId, measured), meta: undefined };
        }),
      ),
    );
    return { sessions };
  }
}
