import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { tenantId } from '@kilowatch/kernel';
import { CONFIG, LOGGER, UnderWay, type DueWorkDefinition, type Logger, type Tx } from '@kilowatch/platform';
import type { SessionsConfig } from '../config.js';
import { ProvisionRepository, type DueStation } from '../persistence/provision.repository.js';
import { ownPrincipal } from './operated-station.js';
import { ProvisionStation } from './provision-station.js';

const MOST_IN_FLIGHT = 8;
/** Longer than all steps of a station that answers each in its last second. */
const LEASE_MS = 5 * 60_000;
const PUT_OFF_MS = 60_000;

/**
 * Sets up stations that are due: a few at a time, so that a fleet that comes back at once is served by the way. The lease is
 * committed before the first command leaves; a process that dies leaves a lease that lapses.
 */
@Injectable()
export class ProvisionStations implements DueWorkDefinition<DueStation>, BeforeApplicationShutdown {
  readonly name = 'provision-stations';
  readonly intervalMs = 1_000;
  readonly limit = MOST_IN_FLIGHT;
  private readonly underWay = new UnderWay();

  constructor(
    private readonly rows: ProvisionRepository,
    private readonly station: ProvisionStation,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(CONFIG) private readonly config: SessionsConfig,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<DueStation[]> {
    return this.underWay.atMost(MOST_IN_FLIGHT, limit, (room) => this.rows.takeDue(tx, now, room));
  }

  async run(tx: Tx, due: DueStation, now: Date): Promise<void> {
    const leased = await this.rows.lease(tx, due, new Date(now.getTime() + LEASE_MS));
    tx.afterCommit(() => this.begin(leased));
  }

  async failed(tx: Tx, due: DueStation, _error: unknown, now: Date): Promise<void> {
    await this.rows.lease(tx, due, new Date(now.getTime() + PUT_OFF_MS));
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.underWay.idle();
  }

  private begin(due: DueStation): void {
    const run = {
      principal: ownPrincipal(tenantId(due.tenant)),
      automatic: this.config.KW_PROVISION_ON_BOOT,
      until: null,
    };
    const work = this.station
      .run(due, run)
      .catch((err: unknown) => this.log.error({ err, stationId: due.stationId }, 'station not provisioned'));
    void this.underWay.add(work);
  }
}
