import { Inject, Injectable } from '@nestjs/common';
import { isUuid, notFound, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope } from '@kilowatch/platform';
import { savePinged } from '../persistence/station-credential.repository.js';

/** Whether a station is sent WebSocket pings (Q21). The gateway hears of it with the station's next credentials. */
@Injectable()
export class SetStationPings {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Null: as its model says. Throws NOT_FOUND for a station that has no credential here. */
  async run(tenant: string, stationId: string, pinged: boolean | null): Promise<void> {
    const known =
      isUuid(stationId) &&
      (await this.database.transaction(tenantScope(tenant), (tx) =>
        savePinged(tx, tenant, stationId, pinged, this.clock.now()),
      ));
    if (!known) throw notFound('AUTH_STATION', 'There is no such station.');
  }
}
