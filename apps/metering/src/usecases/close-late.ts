import { Injectable } from '@nestjs/common';
import type { DueWorkDefinition, Tx } from '@kilowatch/platform';
import { takeDue } from '../persistence/metered-session.repository.js';
import { CloseEnergy } from './close-energy.js';

/** Closes sessions whose closing register never came once their late window has passed. */
@Injectable()
export class CloseLate implements DueWorkDefinition<{ tenant: string; sessionId: string }> {
  readonly name = 'close-late-sessions';
  readonly intervalMs = 500;

  constructor(private readonly closeEnergy: CloseEnergy) {}

  take(tx: Tx, now: Date, limit: number): Promise<{ tenant: string; sessionId: string }[]> {
    return takeDue(tx, now, limit);
  }

  run(tx: Tx, row: { tenant: string; sessionId: string }): Promise<void> {
    return this.closeEnergy.now(tx, row.tenant, row.sessionId);
  }
}
