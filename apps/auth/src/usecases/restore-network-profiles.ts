import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import {
  counter,
  Database,
  LOGGER,
  tenantScope,
  UnderWay,
  type DueWorkDefinition,
  type Logger,
  type Tx,
} from '@kilowatch/platform';
import { SYSTEM } from '../domain/audit.js';
import {
  dropPendingPassword,
  putOffRestore,
  takeRestores,
  type DueRestore,
} from '../persistence/network-password.repository.js';
import { AuditLog } from './audit-log.js';
import { NetworkPassword } from './network-password.js';

const MOST_IN_FLIGHT = 8;
const AGAIN_MS = 5 * 60_000;
const MOST_ATTEMPTS = 12;

/**
 * S5: a station that was given a password with another network profile, and a day later still comes with the old one: it could not
 * connect with the new one. What came first before is put back, and the new one is dead. Until the station has said so, both count.
 */
@Injectable()
export class RestoreNetworkProfiles implements DueWorkDefinition<DueRestore>, BeforeApplicationShutdown {
  readonly name = 'restore-network-profiles';
  readonly intervalMs = 1_000;
  readonly limit = MOST_IN_FLIGHT;
  private readonly underWay = new UnderWay();

  constructor(
    private readonly database: Database,
    private readonly networks: NetworkPassword,
    private readonly audit: AuditLog,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<DueRestore[]> {
    return this.underWay.atMost(MOST_IN_FLIGHT, limit, (room) => takeRestores(tx, now, room));
  }

  async run(tx: Tx, due: DueRestore, now: Date): Promise<void> {
    const isLast = due.attempts + 1 >= MOST_ATTEMPTS;
    await putOffRestore(tx, due, isLast ? null : new Date(now.getTime() + AGAIN_MS));
    if (isLast) {
      counter('kw_station_certificate_problems_total').inc({ problem: 'password_not_put_back' });
      this.log.warn({ stationId: due.stationId }, 'network profile of a station not put back');
    }
    tx.afterCommit(() => void this.underWay.add(this.restore(due)));
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.underWay.idle();
  }

  private async restore({ tenant, stationId, protocol, priority, hash }: DueRestore): Promise<void> {
    try {
      if (!(await this.networks.restore({ tenant, stationId, protocol }, priority))) return;
      await this.database.transaction(tenantScope(tenant), async (tx) => {
        if (!(await dropPendingPassword(tx, tenant, stationId, hash))) return;
        const target = { kind: 'station', id: stationId };
        await this.audit.write(tx, { tenant, by: SYSTEM, action: 'station.password_put_back', target });
      });
      this.log.warn({ stationId }, 'station stays with its old password: the new one is dropped');
    } catch (err) {
      this.log.error({ err, stationId }, 'network profile of a station not put back; tried again');
    }
  }
}
