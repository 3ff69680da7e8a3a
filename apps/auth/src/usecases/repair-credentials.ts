import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { IdSource } from '@kilowatch/kernel';
import {
  counter,
  Database,
  IDS,
  LOGGER,
  tenantScope,
  UnderWay,
  type DueWorkDefinition,
  type Logger,
  type Tx,
} from '@kilowatch/platform';
import { SYSTEM } from '../domain/audit.js';
import { needsCertificate } from '../domain/station-credential.js';
import { TRIGGERS } from '../domain/station-certificate.js';
import { findCredentialByStation } from '../persistence/station-credential.repository.js';
import { putOffRepair, takeRepairs, type DueRepair } from '../persistence/station-link.repository.js';
import { RotatePassword } from './rotate-password.js';
import { StationCommands } from './station-commands.js';

const MOST_IN_FLIGHT = 8;
/** The station gets there in the meantime: by another connection, which ends this. */
const AGAIN_MS = 5 * 60_000;
const MOST_ATTEMPTS = 12;

/**
 * S9 (2.1 A00.FR.805 ff.) and A00.FR.429: a station that was let in with credentials it must not keep is given others: a password, or
 * it is asked to have a certificate signed. It is pending until it comes back with them.
 */
@Injectable()
export class RepairCredentials implements DueWorkDefinition<DueRepair>, BeforeApplicationShutdown {
  readonly name = 'repair-credentials';
  readonly intervalMs = 1_000;
  readonly limit = MOST_IN_FLIGHT;
  private readonly underWay = new UnderWay();

  constructor(
    private readonly database: Database,
    private readonly passwords: RotatePassword,
    private readonly commands: StationCommands,
    @Inject(IDS) private readonly ids: IdSource,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<DueRepair[]> {
    return this.underWay.atMost(MOST_IN_FLIGHT, limit, (room) => takeRepairs(tx, now, room));
  }

  async run(tx: Tx, due: DueRepair, now: Date): Promise<void> {
    const attempts = due.attempts + 1;
    const isLast = attempts >= MOST_ATTEMPTS;
    await putOffRepair(tx, { ...due, attempts }, isLast ? null : new Date(now.getTime() + AGAIN_MS));
    if (isLast) {
      counter('kw_station_certificate_problems_total').inc({ problem: 'credentials_not_replaced' });
      this.log.warn({ stationId: due.stationId }, 'station does not come back with other credentials');
    }
    tx.afterCommit(() => void this.underWay.add(this.repair(due)));
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.underWay.idle();
  }

  private async repair({ tenant, stationId }: DueRepair): Promise<void> {
    try {
      const station = await this.database.read(tenantScope(tenant), (tx) =>
        findCredentialByStation(tx, tenant, stationId),
      );
      if (!station) return;
      if (!needsCertificate(Math.max(station.securityProfile, station.reachedProfile))) {
        // One that it has taken already waits for its reconnect.
        if (station.pendingPasswordHash === undefined) await this.passwords.run(tenant, stationId, SYSTEM);
        return;
      }
      const requestedMessage = TRIGGERS.ChargingStationCertificate;
      const command = { triggerMessage: { requestedMessage, evseNumber: 0, connectorNumber: 0 } };
      await this.commands.send({ tenant, stationId, key: `repair:${this.ids.newId()}`, command });
    } catch (err) {
      this.log.error({ err, stationId }, 'credentials of a station not replaced; tried again');
    }
  }
}
