import { Inject, Injectable } from '@nestjs/common';
import { sessions } from '@kilowatch/contracts';
import type { Clock, TenantId } from '@kilowatch/kernel';
import { CLOCK, CONFIG, Database, tenantScope } from '@kilowatch/platform';
import type { SessionsConfig } from '../config.js';
import { requireStationId, stationUnknown } from '../persistence/situation.repository.js';
import { StationRepository } from '../persistence/station.repository.js';
import { announceStation } from './announce-station.js';

/** BootNotification: a provisioned station is accepted, whatever it calls its vendor (Q14). */
@Injectable()
export class RecordBoot {
  constructor(
    private readonly database: Database,
    private readonly stations: StationRepository,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: SessionsConfig,
  ) {}

  async record(tenant: TenantId, request: sessions.RecordBootRequest): Promise<sessions.RecordBootResponse> {
    requireStationId(request.stationId);
    const at = request.receivedAt ?? this.clock.now();
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      const result = await this.stations.recordBoot(tx, tenant, { ...request, at });
      if (!result) throw stationUnknown(request.stationId);
      if (result.changed) announceStation(tx, result.station, result.location, at);
    });
    return {
      status: sessions.RegistrationStatus.REGISTRATION_STATUS_ACCEPTED,
      intervalSeconds: this.config.KW_HEARTBEAT_INTERVAL_SECONDS,
    };
  }
}
