import { Inject, Injectable } from '@nestjs/common';
import { invalid, isUuid, notFound, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope } from '@kilowatch/platform';
import { saveSubprotocols } from '../persistence/station-credential.repository.js';

const WORD = /^[a-z0-9.]{1,20}$/;
const MOST = 10;

/** Which subprotocols of a station are taken, best first (Q2). The gateway hears of it with the station's next credentials. */
@Injectable()
export class SetStationSubprotocols {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Throws INVALID for what is no subprotocol, NOT_FOUND for a station that has no credential here. */
  async run(tenant: string, stationId: string, subprotocols: readonly string[]): Promise<void> {
    if (subprotocols.length > MOST || !subprotocols.every((word) => WORD.test(word)))
      throw invalid('AUTH_STATION_SUBPROTOCOLS', 'These are not names of subprotocols.');
    const known =
      isUuid(stationId) &&
      (await this.database.transaction(tenantScope(tenant), (tx) =>
        saveSubprotocols(tx, tenant, stationId, subprotocols, this.clock.now()),
      ));
    if (!known) throw notFound('AUTH_STATION', 'There is no such station.');
  }
}
