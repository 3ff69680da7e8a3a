import { Inject, Injectable } from '@nestjs/common';
import { sessions } from '@kilowatch/contracts';
import type { Clock, TenantId } from '@kilowatch/kernel';
import { allAtOnce, CLOCK, CONFIG, Database, tenantScope, type Tx } from '@kilowatch/platform';
import type { SessionsConfig } from '../config.js';
import { bootInterval, type Registration } from '../domain/registration.js';
import { ProvisionRepository } from '../persistence/provision.repository.js';
import { requireStationId, stationUnknown } from '../persistence/situation.repository.js';
import { StationRepository } from '../persistence/station.repository.js';
import { WantedAvailabilityRepository } from '../persistence/wanted-availability.repository.js';
import { announceStation } from './announce-station.js';
import { settledBy } from './reapply-availability.js';

const STATUS: Readonly<Record<Registration, sessions.RegistrationStatus>> = {
  ACCEPTED: sessions.RegistrationStatus.REGISTRATION_STATUS_ACCEPTED,
  PENDING: sessions.RegistrationStatus.REGISTRATION_STATUS_PENDING,
  REJECTED: sessions.RegistrationStatus.REGISTRATION_STATUS_REJECTED,
};

/**
 * BootNotification: what the operator decided about the station, whatever it calls its vendor (Q14). An accepted one is set up
 * a while later, by itself (provision-stations.ts).
 */
@Injectable()
export class RecordBoot {
  constructor(
    private readonly database: Database,
    private readonly stations: StationRepository,
    private readonly wanted: WantedAvailabilityRepository,
    private readonly provisions: ProvisionRepository,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: SessionsConfig,
  ) {}

  async record(tenant: TenantId, request: sessions.RecordBootRequest): Promise<sessions.RecordBootResponse> {
    const { stationId } = request;
    requireStationId(stationId);
    const at = request.receivedAt ?? this.clock.now();
    const decision = await this.database.shared(tenantScope(tenant), stationId, async (tx) => {
      const recorded = this.stations.recordBoot(tx, tenant, { ...request, at });
      const wished = this.wanted.lookAt(tx, tenant, { stationId, dueAt: settledBy(at), booted: true });
      await allAtOnce<unknown>([recorded, wished]);
      const result = await recorded;
      if (!result) throw stationUnknown(stationId);
      const { news, registration: decided } = result;
      if (news) announceStation(tx, news.station, news.location, at);
      if (decided === 'ACCEPTED' && !request.provisional) await this.setUpLater(tx, tenant, stationId);
      return decided;
    });
    // Auth let it in to be given other credentials first (2.0.1 A00.FR.429, A00.FR.805): until then it waits.
    const registration = request.provisional && decision === 'ACCEPTED' ? 'PENDING' : decision;
    const intervalSeconds = bootInterval(registration, {
      heartbeatSeconds: this.config.KW_HEARTBEAT_INTERVAL_SECONDS,
      retrySeconds: this.config.KW_BOOT_RETRY_SECONDS,
    });
    return { status: STATUS[registration], intervalSeconds };
  }

  private async setUpLater(tx: Tx, tenant: string, stationId: string): Promise<void> {
    const { KW_PROVISION_ON_BOOT: automatic, KW_PROVISION_DELAY_SECONDS: delay } = this.config;
    const dueAt = new Date(this.clock.now().getTime() + delay * 1000);
    if (automatic) await this.provisions.call(tx, tenant, stationId, { dueAt, triggerBoot: false });
    else await this.provisions.wake(tx, tenant, { stationId, dueAt });
  }
}
