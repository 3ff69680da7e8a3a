import { Inject, Injectable } from '@nestjs/common';
import { isUuid, type Clock } from '@kilowatch/kernel';
import { CLOCK, CONFIG, sideBySide, type Tx } from '@kilowatch/platform';
import type { SessionsConfig } from '../config.js';
import { ProvisionRepository } from '../persistence/provision.repository.js';
import { StationRepository, type Connection } from '../persistence/station.repository.js';
import { announceStation } from './announce-station.js';

/** A station came online or went offline, by the generation of its connection. */
@Injectable()
export class RecordConnection {
  constructor(
    private readonly stations: StationRepository,
    private readonly provisions: ProvisionRepository,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: SessionsConfig,
  ) {}

  /** In one transaction with others: rows are locked in the order of shared transactions (docs/adr/0010). */
  async recordAll(tx: Tx, tenant: string, connections: readonly Connection[]): Promise<void> {
    const known = connections.filter(({ stationId }) => isUuid(stationId));
    const ids = [...new Set(known.map(({ stationId }) => stationId))];
    if (ids.length > 1) await this.stations.lockRows(tx, tenant, ids);
    await sideBySide(
      known,
      ({ stationId }) => stationId,
      (connection) => this.record(tx, tenant, connection),
    );
  }

  private async record(tx: Tx, tenant: string, connection: Connection): Promise<void> {
    const result = await this.stations.recordConnection(tx, tenant, connection);
    if (!result) return;
    const { news, lastBootAt } = result;
    if (news) announceStation(tx, news.station, news.location, connection.at);
    if (connection.online) await this.setUpLater(tx, tenant, connection.stationId, lastBootAt);
  }

  /** Most stations boot at once, which is another road; one that never did is asked to (Q23), once. */
  private async setUpLater(
    tx: Tx,
    tenant: string,
    stationId: string,
    lastBootAt: Date | undefined,
  ): Promise<void> {
    const isUnheard = lastBootAt === undefined && this.config.KW_PROVISION_ON_BOOT;
    const seconds = isUnheard
      ? this.config.KW_PROVISION_SETTLE_SECONDS
      : this.config.KW_PROVISION_DELAY_SECONDS;
    const dueAt = new Date(this.clock.now().getTime() + seconds * 1000);
    if (isUnheard) await this.provisions.callOnce(tx, tenant, stationId, dueAt);
    else await this.provisions.wake(tx, tenant, { stationId, dueAt });
  }
}
