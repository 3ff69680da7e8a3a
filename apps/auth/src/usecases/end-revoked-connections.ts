import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { ocppGateway } from '@kilowatch/contracts';
import { tenantId, type Clock } from '@kilowatch/kernel';
import {
  CLOCK,
  counter,
  Database,
  LOGGER,
  tenantScope,
  UnderWay,
  type DueWorkDefinition,
  type Logger,
  type Tx,
} from '@kilowatch/platform';
import { certificateCredential } from '../domain/credential-id.js';
import { disconnectAgainAt } from '../domain/station-certificate.js';
import { COMMANDS, type CommandClient } from '../peers.js';
import {
  finishDisconnect,
  planDisconnect,
  takeDisconnects,
} from '../persistence/station-certificate.repository.js';

const MOST_IN_FLIGHT = 16;
const LEASE_MS = 30_000;
const DEADLINE_MS = 10_000;
/** From here on somebody is told: a station that should be out may be in. */
const ALARM_AFTER = 5;

type Revoked = Awaited<ReturnType<typeof takeDisconnects>>[number];

/**
 * A certificate that is revoked ends the connection that came with it: the door alone would leave the station in until it
 * reconnects, which may be months. Asked for until the gateway says that no connection of that certificate is left.
 */
@Injectable()
export class EndRevokedConnections implements DueWorkDefinition<Revoked>, BeforeApplicationShutdown {
  readonly name = 'end-revoked-connections';
  readonly intervalMs = 1_000;
  readonly limit = MOST_IN_FLIGHT;
  private readonly underWay = new UnderWay();

  constructor(
    private readonly database: Database,
    @Inject(COMMANDS) private readonly gateway: CommandClient,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<Revoked[]> {
    return this.underWay.atMost(MOST_IN_FLIGHT, limit, (room) => takeDisconnects(tx, now, room));
  }

  async run(tx: Tx, revoked: Revoked, now: Date): Promise<void> {
    const attempts = revoked.attempts + 1;
    const lease = new Date(now.getTime() + LEASE_MS);
    await planDisconnect(tx, revoked, lease, attempts);
    tx.afterCommit(() => void this.underWay.add(this.end(revoked, lease, attempts)));
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.underWay.idle();
  }

  private async end(revoked: Revoked, lease: Date, attempts: number): Promise<void> {
    const { tenant, stationId, fingerprint } = revoked;
    let again: Date | null = null;
    try {
      const request = ocppGateway.DisconnectRequest.fromPartial({
        stationId,
        credentialId: certificateCredential(fingerprint),
        requestedBy: 'auth',
      });
      const { disconnected } = await this.gateway.disconnect(request, {
        tenant: tenantId(tenant),
        deadlineMs: DEADLINE_MS,
        idempotent: true,
      });
      if (disconnected) this.log.info({ tenant, stationId }, 'connection of a revoked certificate ended');
    } catch (err) {
      again = disconnectAgainAt(attempts, this.clock.now());
      this.log.warn(
        { err, tenant, stationId, attempts },
        'connection of a revoked certificate not ended yet',
      );
      if (attempts === ALARM_AFTER)
        counter('kw_station_certificate_problems_total').inc({ problem: 'revoked_still_connected' });
    }
    try {
      await this.database.transaction(tenantScope(tenant), (tx) =>
        finishDisconnect(tx, revoked, lease, again, again === null ? 0 : attempts),
      );
    } catch (err) {
      // The lease lapses, and it is asked for again.
      this.log.warn({ err, tenant, stationId }, 'end of a connection not written');
    }
  }
}
