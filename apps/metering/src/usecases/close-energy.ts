import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, type Tx } from '@kilowatch/platform';
import { ownReadings } from '../domain/next-begin.js';
import type { TimedReading } from '../domain/reading.js';
import { closeSession, type ClosedSession } from '../persistence/metered-session.repository.js';
import { readingsOfSession } from '../persistence/reading.repository.js';
import { JudgeSignedReadings } from './judge-signed-readings.js';
import { MeasureSession, meteredMessage } from './measure-session.js';

/**
 * Fixes the energy of an ended session and tells everyone, once. The closing register usually came with the end
 * (the gateway stores readings before it reports the end); otherwise the late window decides.
 */
@Injectable()
export class CloseEnergy {
  constructor(
    private readonly measure: MeasureSession,
    private readonly signed: JudgeSignedReadings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Closes at once when begin and end registers are there. The caller holds the session's row. */
  async ifComplete(tx: Tx, session: ClosedSession): Promise<void> {
    if (session.closedAt || session.status !== 'ENDED') return;
    const readings = await readingsOfSession(tx, session.tenant, session);
    if (isComplete(ownReadings(readings, session).readings)) await this.close(tx, session, readings);
  }

  /** The late window has passed: what is there decides. The caller holds the session's row. */
  async now(tx: Tx, session: ClosedSession): Promise<void> {
    if (session.closedAt) return;
    await this.close(tx, session, await readingsOfSession(tx, session.tenant, session));
  }

  private async close(tx: Tx, session: ClosedSession, readings: readonly TimedReading[]): Promise<void> {
    const { tenant, sessionId } = session;
    const measured = await this.measure.run(tx, tenant, session, readings);
    const { energy, signed } = measured;
    await this.signed.claim(tx, tenant, session, signed);
    const closedAt = this.clock.now();
    await closeSession(tx, tenant, { sessionId, energy, signed, closedAt });
    tx.publish(events.sessionMetered, {
      aggregateId: sessionId,
      aggregateVersion: 1,
      occurredAt: closedAt,
      payload: meteredMessage(sessionId, measured),
    });
    tx.live('session', sessionId);
  }
}

function isComplete(readings: readonly TimedReading[]): boolean {
  const has = (context: TimedReading['context']) =>
    readings.some((reading) => reading.context === context && reading.energyImportMwh !== undefined);
  return has('BEGIN') && has('END');
}
