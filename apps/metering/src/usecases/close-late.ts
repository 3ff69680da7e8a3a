import { Injectable } from '@nestjs/common';
import type { DueWorkDefinition, Tx } from '@kilowatch/platform';
import { postponeClosing, takeDue } from '../persistence/metered-session.repository.js';
import { CloseEnergy } from './close-energy.js';

interface Row {
  readonly tenant: string;
  readonly sessionId: string;
}

const AGAIN_MS = 60_000;

/** Closes sessions whose closing register never came once their late window has passed. */
@Injectable()
export class CloseLate implements DueWorkDefinition<Row> {
  readonly name = 'close-late-sessions';
  readonly intervalMs = 500;

  constructor(private readonly closeEnergy: CloseEnergy) {}

  take(tx: Tx, now: Date, limit: number): Promise<Row[]> {
    return takeDue(tx, now, limit);
  }

  run(tx: Tx, row: Row): Promise<void> {
    return this.closeEnergy.now(tx, row.tenant, row.sessionId);
  }

  /** One that cannot be closed must not stay in front of the others. */
  failed(tx: Tx, row: Row, _error: unknown, now: Date): Promise<void> {
    return postponeClosing(tx, row, new Date(now.getTime() + AGAIN_MS));
  }
}
