import { events } from '@kilowatch/contracts';
import type { Clock } from '@kilowatch/kernel';
import { SYSTEM_SCOPE, tenantScope, type Database, type Logger, type Tx } from '@kilowatch/platform';
import type { Taken } from '../domain/ownership.js';
import type { Station } from '../domain/station.js';
import type {
  ConnectionKey,
  StationConnectionRepository,
} from '../persistence/station-connection.repository.js';

export interface PodIdentity {
  readonly pod: string;
  readonly bootId: string;
}

export interface Seen extends ConnectionKey {
  readonly at: Date;
}

interface Leaving {
  readonly key: ConnectionKey;
  readonly closeCode: number;
  readonly reason: string;
  readonly at: Date;
}

const TOUCH_BATCH = 1_000;
const LOST_BATCH = 200;
/** Ends that could not be written are tried again; beyond this they are left to the search for lost connections. */
const MAX_PENDING = 10_000;

/** The rows that say who holds each station's socket, and the two events that follow from them. */
export class ConnectionOwnership {
  private pending: Leaving[] = [];

  constructor(
    private readonly database: Database,
    private readonly connections: StationConnectionRepository,
    readonly me: PodIdentity,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** Makes this connection the station's owner. Rejects with UNAVAILABLE when that cannot be written: then do not serve. */
  take(station: Omit<Station, 'generation'>): Promise<Taken> {
    const { tenant, stationId, connectionId, protocol, remoteIp, securityProfile, credentialId } = station;
    const now = this.clock.now();
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const claimed = await this.connections.claim(tx, {
        tenant,
        stationId,
        connectionId,
        protocol,
        remoteIp,
        now,
        ...this.me,
      });
      const { generation, previous } = claimed;
      tx.publish(events.stationConnected, {
        aggregateId: stationId,
        aggregateVersion: generation,
        occurredAt: now,
        payload: {
          stationId,
          connectionId,
          generation,
          protocol,
          remoteIp,
          securityProfile,
          credentialId,
          replacedRemoteIp: previous?.remoteIp,
        },
      });
      return claimed;
    });
  }

  /** Says that the station is gone, if this connection still was its owner. Never rejects: what fails is tried again. */
  async release(key: ConnectionKey, closeCode: number, reason: string): Promise<void> {
    await this.leave({ key, closeCode, reason, at: this.clock.now() });
  }

  async retryReleases(): Promise<void> {
    for (const leaving of this.pending.splice(0)) await this.leave(leaving);
  }

  /** Notes that these were heard and are held by this process, silent or not; returns those that own their station no longer. */
  async touch(seen: readonly Seen[]): Promise<Seen[]> {
    const lost: Seen[] = [];
    for (let i = 0; i < seen.length; i += TOUCH_BATCH) {
      const batch = seen.slice(i, i + TOUCH_BATCH);
      const now = this.clock.now();
      const owners = await this.database.transaction(SYSTEM_SCOPE, (tx) =>
        this.connections.touch(tx, batch, now),
      );
      lost.push(...batch.filter(({ connectionId }) => !owners.has(connectionId)));
    }
    return lost;
  }

  /**
   * Marks connections whose process is gone: nobody of any pod noted them for `absentMs`, or of an earlier process of this pod and
   * not noted for `ownAbsentMs` (two processes may share a pod's name, so time is asked for here too). How long a charger may be
   * silent is for the process that holds its socket to judge. Returns their number.
   */
  async markLost(absentMs: number, ownAbsentMs: number): Promise<number> {
    let total = 0;
    for (;;) {
      const now = this.clock.now();
      const silentSince = new Date(now.getTime() - absentMs);
      const ownSilentSince = new Date(now.getTime() - ownAbsentMs);
      const lost = await this.database.transaction(SYSTEM_SCOPE, async (tx) => {
        const search = { now, silentSince, ownSilentSince, limit: LOST_BATCH, ...this.me };
        const keys = await this.connections.markLost(tx, search);
        for (const key of keys) publishEnd(tx, { key, closeCode: 1006, reason: 'lost', at: now });
        return keys.length;
      });
      total += lost;
      if (lost < LOST_BATCH) return total;
    }
  }

  private async leave(leaving: Leaving): Promise<void> {
    const { key, at } = leaving;
    try {
      await this.database.transaction(tenantScope(key.tenant), async (tx) => {
        if (await this.connections.release(tx, key, at)) publishEnd(tx, leaving);
      });
    } catch (err) {
      this.log.warn(
        { err, tenant: key.tenant, stationId: key.stationId },
        'end of connection not written yet',
      );
      if (this.pending.length < MAX_PENDING) this.pending.push(leaving);
    }
  }
}

function publishEnd(tx: Tx, { key, closeCode, reason, at }: Leaving): void {
  const { tenant, stationId, connectionId, generation } = key;
  tx.publish(events.stationDisconnected, {
    tenant,
    aggregateId: stationId,
    aggregateVersion: generation,
    occurredAt: at,
    payload: { stationId, connectionId, generation, closeCode, reason },
  });
}
