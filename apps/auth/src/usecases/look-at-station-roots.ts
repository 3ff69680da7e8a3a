import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { UnderWay, type DueWorkDefinition, type Tx } from '@kilowatch/platform';
import { saveRootLook, takeRootLooks, type RootLook } from '../persistence/station-root.repository.js';
import { LookAtRoots } from './look-at-roots.js';

const MOST_IN_FLIGHT = 8;
const LEASE_MS = 5 * 60_000;

/** Stations whose roots are to be looked at, a few at a time. */
@Injectable()
export class LookAtStationRoots implements DueWorkDefinition<RootLook>, BeforeApplicationShutdown {
  readonly name = 'station-roots';
  readonly intervalMs = 1_000;
  readonly limit = MOST_IN_FLIGHT;
  private readonly underWay = new UnderWay();

  constructor(private readonly looks: LookAtRoots) {}

  take(tx: Tx, now: Date, limit: number): Promise<RootLook[]> {
    return this.underWay.atMost(MOST_IN_FLIGHT, limit, (room) => takeRootLooks(tx, now, room));
  }

  async run(tx: Tx, look: RootLook, now: Date): Promise<void> {
    await saveRootLook(tx, look, { dueAt: new Date(now.getTime() + LEASE_MS), attempts: look.attempts });
    tx.afterCommit(() => void this.underWay.add(this.looks.run(look)));
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.underWay.idle();
  }
}
