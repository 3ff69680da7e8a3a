import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { isAppError, type Clock } from '@kilowatch/kernel';
import {
  CLOCK,
  Database,
  LOGGER,
  tenantScope,
  UnderWay,
  type DueWorkDefinition,
  type Logger,
  type Tx,
} from '@kilowatch/platform';
import { readCertificate } from '@kilowatch/trust';
import {
  saveSeenRoots,
  saveSync,
  takeDueSyncs,
  type PoolSync,
  type SeenRoot,
} from '../persistence/root-proposal.repository.js';
import type { PooledRoot } from './contract-pool/contract-pool.js';
import { ContractPools } from './contract-pool/contract-pools.js';

const DAY_MS = 24 * 3_600_000;
/** Longer than a pool may take to answer. */
const FLIGHT_MS = 60_000;
const AGAIN_MS = 3_600_000;

/**
 * Asks each tenant's pool once a day which roots it vouches for. They are proposals: nothing is trusted before a person says so
 * (C4). The row is the lease, and the pool is asked after the commit and outside of it.
 */
@Injectable()
export class SyncPoolRoots implements DueWorkDefinition<PoolSync>, BeforeApplicationShutdown {
  readonly name = 'sync-pool-roots';
  readonly intervalMs = 5_000;
  private readonly underWay = new UnderWay();

  constructor(
    private readonly database: Database,
    private readonly pools: ContractPools,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<PoolSync[]> {
    return this.pools.tenants.length === 0
      ? Promise.resolve([])
      : takeDueSyncs(tx, this.pools.tenants, now, limit);
  }

  async run(tx: Tx, { tenant }: PoolSync, now: Date): Promise<void> {
    await saveSync(tx, tenant, { dueAt: later(now, FLIGHT_MS) });
    tx.afterCommit(() => this.underWay.add(this.sync(tenant)));
  }

  failed(tx: Tx, { tenant }: PoolSync, _error: unknown, now: Date): Promise<void> {
    return saveSync(tx, tenant, { dueAt: later(now, AGAIN_MS) });
  }

  /** Never rejects: what went wrong is kept with the row, and the pool is asked again in an hour. */
  async sync(tenant: string): Promise<void> {
    try {
      const roots = (await this.pools.of(tenant)?.roots()) ?? [];
      const now = this.clock.now();
      await this.database.transaction(tenantScope(tenant), async (tx) => {
        await saveSeenRoots(tx, tenant, this.readable(tenant, roots), now);
        await saveSync(tx, tenant, { dueAt: later(now, DAY_MS), error: '', succeededAt: now });
      });
    } catch (err) {
      this.log.warn({ err, tenant }, 'the roots of the contract pool were not fetched');
      const error = isAppError(err) ? err.code : 'INTERNAL';
      await this.database
        .transaction(tenantScope(tenant), (tx) =>
          saveSync(tx, tenant, { dueAt: later(this.clock.now(), AGAIN_MS), error }),
        )
        // The lease lapses by itself.
        .catch((failure: unknown) => this.log.warn({ err: failure, tenant }, 'that was not recorded either'));
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.underWay.idle();
  }

  private readable(tenant: string, roots: readonly PooledRoot[]): SeenRoot[] {
    return roots.flatMap(({ der, purpose, schemaVersion }) => {
      try {
        const { fingerprint, subject, notAfter } = readCertificate(der);
        return [
          { fingerprint, purpose, schemaVersion, der: Buffer.from(der), subject: subject.text, notAfter },
        ];
      } catch (err) {
        this.log.warn({ err, tenant }, 'the contract pool vouches for a root that cannot be read');
        return [];
      }
    });
  }
}

function later(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms);
}
