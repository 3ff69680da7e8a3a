import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, LOGGER, UnderWay, type DueWorkDefinition, type Logger, type Tx } from '@kilowatch/platform';
import { leaseList, takeDueLists, type LocalList } from '../../persistence/local-list.repository.js';
import { LEASE_MS } from './lease-time.js';
import { SyncStation } from './sync-station.js';

/** Stations that are spoken to at the same time by this process. */
const MOST_IN_FLIGHT = 20;

/**
 * Brings lists and caches of stations to what is wanted. The station is leased in one short transaction and spoken to after its
 * commit; each of its words is written in a transaction of its own. What a process that died left open is compared as a whole.
 */
@Injectable()
export class SyncLocalLists implements DueWorkDefinition<LocalList>, BeforeApplicationShutdown {
  readonly name = 'sync-local-lists';
  readonly intervalMs = 500;
  readonly limit = MOST_IN_FLIGHT;
  private readonly inFlight = new UnderWay();

  constructor(
    private readonly station: SyncStation,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<LocalList[]> {
    return this.inFlight.atMost(MOST_IN_FLIGHT, limit, (room) => takeDueLists(tx, now, room));
  }

  async run(tx: Tx, list: LocalList): Promise<void> {
    const { tenant, stationId } = list;
    const lease = await leaseList(tx, list, new Date(this.clock.now().getTime() + LEASE_MS));
    tx.afterCommit(() => {
      const talking = this.station.run({ tenant, stationId, lease }).catch((err: unknown) =>
        // The lease lapses, then it is tried again.
        this.log.error({ err, stationId }, 'local list of a station not synchronised'),
      );
      void this.inFlight.add(talking);
    });
  }

  /** Waits for the stations that were spoken to: their answers are still written. */
  beforeApplicationShutdown(): Promise<void> {
    return this.inFlight.idle();
  }

  /** Nobody is spoken to at present. */
  idle(): Promise<void> {
    return this.inFlight.idle();
  }
}
