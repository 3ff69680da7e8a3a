import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { UnderWay, type DueWorkDefinition, type Tx } from '@kilowatch/platform';
import { setDue, takeDueSites } from '../persistence/site.repository.js';
import { SendLimit } from './send-limit.js';
import { SteerSite } from './steer-site.js';

const PUT_OFF_MS = 10_000;

interface DueSite {
  readonly tenant: string;
  readonly locationId: string;
}

/**
 * Sends what sites have to say to their chargers. In the transaction only the flights are written (a lease on the row: what
 * is sent, and until when we wait); the calls are made after its commit and outside of it, each outcome is recorded in a
 * transaction of its own. A process that dies in between leaves flights that lapse and are repeated under the same key.
 */
@Injectable()
export class DeliverLimits implements DueWorkDefinition<DueSite>, BeforeApplicationShutdown {
  readonly name = 'deliver-limits';
  readonly intervalMs = 250;
  private readonly underWay = new UnderWay();

  constructor(
    private readonly steer: SteerSite,
    private readonly send: SendLimit,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<DueSite[]> {
    return takeDueSites(tx, now, limit);
  }

  async run(tx: Tx, { tenant, locationId }: DueSite): Promise<void> {
    for (const departure of await this.steer.run(tx, tenant, locationId, { launch: true })) {
      tx.afterCommit(() => this.underWay.add(this.send.run(departure)));
    }
  }

  /** Planning itself failed: a bug or a broken row. The other sites go on, this one is looked at again later. */
  async failed(tx: Tx, site: DueSite, _error: unknown, now: Date): Promise<void> {
    await setDue(tx, site, new Date(now.getTime() + PUT_OFF_MS));
  }

  /** Waits for the calls that are out: their outcomes are still recorded. */
  beforeApplicationShutdown(): Promise<void> {
    return this.underWay.idle();
  }
}
