import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, UnderWay, type DueWorkDefinition, type Tx } from '@kilowatch/platform';
import { FUND_MOVES } from '../domain/session-fund.js';
import { findSession } from '../persistence/billed-session.repository.js';
import { leaseStop, takeDueStops, wakeStops, type DueStop } from '../persistence/session-fund.repository.js';
import { SendStop } from './send-stop.js';

/** Longer than a station may take to answer. */
const FLIGHT_MS = 20_000;
const PUT_OFF_MS = 60_000;

/**
 * Asks stations to end the sessions whose money is used, until they have ended. The row is the lease: it is pushed on before the
 * command leaves, which happens after the commit and outside of it; what came of it is recorded in a transaction of its own.
 */
@Injectable()
export class StopUnfunded implements DueWorkDefinition<DueStop>, BeforeApplicationShutdown {
  readonly name = 'stop-unfunded';
  readonly intervalMs = 500;
  private readonly underWay = new UnderWay();

  constructor(
    private readonly send: SendStop,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<DueStop[]> {
    return takeDueStops(tx, now, limit);
  }

  async run(tx: Tx, row: DueStop, now: Date): Promise<void> {
    const session = await findSession(tx, row.tenant, row.sessionId);
    const { snapshot } = session ?? {};
    if (!snapshot || snapshot.status === 'ENDED' || !FUND_MOVES.canMove(row.state, 'STOPPING')) {
      return leaseStop(tx, row, { ...row, dueAt: undefined });
    }
    const flight: DueStop = { ...row, state: 'STOPPING', lease: row.lease + 1 };
    await leaseStop(tx, row, { ...flight, dueAt: new Date(now.getTime() + FLIGHT_MS) });
    tx.live('session', row.sessionId, undefined, row.tenant);
    const { stationId, transactionRef } = snapshot;
    tx.afterCommit(() => this.underWay.add(this.send.run(flight, { stationId, transactionRef })));
  }

  failed(tx: Tx, row: DueStop, _error: unknown, now: Date): Promise<void> {
    return leaseStop(tx, row, { ...row, dueAt: new Date(now.getTime() + PUT_OFF_MS) });
  }

  /** Its station is there again. */
  stationIsBack(tx: Tx, tenant: string, stationId: string): Promise<void> {
    return wakeStops(tx, tenant, stationId, this.clock.now());
  }

  /** Waits for the commands that are out: their outcomes are still recorded. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.underWay.idle();
  }
}
