import { Inject, Injectable } from '@nestjs/common';
import { invalid, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope, type Principal } from '@kilowatch/platform';
import { isRegistration } from '../domain/registration.js';
import type { StationView } from '../persistence/place-view.js';
import { ProvisionRepository } from '../persistence/provision.repository.js';
import { requireStationId, stationUnknown } from '../persistence/situation.repository.js';
import { StationRepository } from '../persistence/station.repository.js';
import { announceStation } from './announce-station.js';

/** An operator decides whether a station may work here. One that is connected is asked to boot, so that it hears of it now. */
@Injectable()
export class SetStationRegistration {
  constructor(
    private readonly database: Database,
    private readonly stations: StationRepository,
    private readonly provisions: ProvisionRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async set(
    { tenant }: Principal,
    { stationId, registration }: { stationId: string; registration: string },
  ): Promise<StationView> {
    if (!isRegistration(registration))
      throw invalid('SESSIONS_REGISTRATION', 'A station is ACCEPTED, PENDING or REJECTED.');
    requireStationId(stationId);
    const now = this.clock.now();
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const result = await this.stations.saveRegistration(tx, tenant, stationId, registration, now);
      if (!result) throw stationUnknown(stationId);
      if (result.changed) {
        announceStation(tx, result.station, result.location, now);
        if (result.station.online)
          await this.provisions.call(tx, tenant, stationId, { dueAt: now, triggerBoot: true });
      }
      return result.station;
    });
  }
}
