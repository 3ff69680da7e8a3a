import { Injectable } from '@nestjs/common';
import type { DueWorkDefinition, Tx } from '@kilowatch/platform';
import { postponeClosing, takeDue, type ClosedSession } from '../persistence/metered-session.repository.js';
import { CloseEnergy } from './close-energy.js';

const AGAIN_MS = 60_000;

/** Closes sessions whose closing register never came once their late window has passed. */
@Injectable()
export class CloseLate implements DueWorkDefinition<ClosedSession> {
  readonly name = 'close-late-sessions';
  readonly intervalMs = 500;

  constructor(private readonly closeEnergy: CloseEnergy) {}

  sideBySide({ sessionId }: ClosedSession): string {
    return sessionId;
  }

  take(tx: Tx, now: Date, limit: number): Promise<ClosedSession[]> {
    return takeDue(tx, now, limit);
  }

  run(tx: Tx, session: ClosedSession): Promise<void> {
    return this.closeEnergy.now(tx, session);
  }

  /** One that cannot be closed must not stay in front of the others. */
  failed(tx: Tx, session: ClosedSession, _error: unknown, now: Date): Promise<void> {
    return postponeClosing(tx, session, new Date(now.getTime() + AGAIN_MS));
  }
}
