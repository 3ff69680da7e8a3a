import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, type DueWorkDefinition, type Tx } from '@kilowatch/platform';
import {
  fillCurves,
  postponeCurve,
  takeCurvesDue,
  type SessionWithCurve,
} from '../persistence/session-curve.repository.js';

const AGAIN_MS = 10 * 60_000;

/** Draws the curve of a session a moment after it was closed, and again when a reading of it comes later. */
@Injectable()
export class FillCurves implements DueWorkDefinition<SessionWithCurve> {
  readonly name = 'fill-curves';
  readonly intervalMs = 5_000;
  readonly limit = 200;

  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  sideBySide({ sessionId }: SessionWithCurve): string {
    return sessionId;
  }

  take(tx: Tx, now: Date, limit: number): Promise<SessionWithCurve[]> {
    return takeCurvesDue(tx, now, limit);
  }

  async run(tx: Tx, session: SessionWithCurve): Promise<void> {
    await fillCurves(tx, session.tenant, { ...session, at: this.clock.now() });
  }

  failed(tx: Tx, session: SessionWithCurve, _error: unknown, now: Date): Promise<void> {
    return postponeCurve(tx, session, { dueAt: new Date(now.getTime() + AGAIN_MS), now });
  }
}
