import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, type DueWorkDefinition, type Tx } from '@kilowatch/platform';
import { minutesOf } from '../domain/session-curve.js';
import { postpone, takeDue, type ClosedSession } from '../persistence/metered-session.repository.js';
import { readingsOfSession } from '../persistence/reading.repository.js';
import { noteDrawn, saveCurve } from '../persistence/session-curve.repository.js';

const AGAIN_MS = 10 * 60_000;

/** Draws the curve of a closed session again, from all of its readings, when some of them came after it was closed. */
@Injectable()
export class FillCurves implements DueWorkDefinition<ClosedSession> {
  readonly name = 'fill-curves';
  readonly intervalMs = 5_000;
  readonly limit = 200;

  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  sideBySide({ sessionId }: ClosedSession): string {
    return sessionId;
  }

  take(tx: Tx, now: Date, limit: number): Promise<ClosedSession[]> {
    return takeDue(tx, 'curve_due_at', now, limit);
  }

  async run(tx: Tx, session: ClosedSession): Promise<void> {
    const { tenant, sessionId } = session;
    const minutes = minutesOf(await readingsOfSession(tx, tenant, session));
    const at = this.clock.now();
    await saveCurve(tx, tenant, { sessionId, closedAt: session.closedAt ?? at, minutes });
    await noteDrawn(tx, tenant, { sessionId, at });
  }

  failed(tx: Tx, session: ClosedSession, _error: unknown, now: Date): Promise<void> {
    return postpone(tx, 'curve_due_at', session, new Date(now.getTime() + AGAIN_MS));
  }
}
