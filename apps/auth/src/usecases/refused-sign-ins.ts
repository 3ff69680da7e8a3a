import { Inject, Injectable } from '@nestjs/common';
import { isTenantId, type Clock } from '@kilowatch/kernel';
import {
  CLOCK,
  Database,
  LOGGER,
  tenantScope,
  type DueWorkDefinition,
  type Logger,
  type Tx,
} from '@kilowatch/platform';
import { LRUCache } from 'lru-cache';
import { addressBlock } from '../domain/address-block.js';
import {
  isComplete,
  minuteOf,
  refusalEvent,
  type RefusalReason,
  type RefusedSignIn,
} from '../domain/refused-sign-in.js';
import { findAccountByEmail } from '../persistence/account.repository.js';
import {
  deleteRefusedSignIn,
  lockRefusedSignIns,
  noteRefusedSignIn,
} from '../persistence/refused-sign-in.repository.js';
import { AuditLog } from './audit-log.js';

export interface Refusal {
  readonly tenant: string;
  readonly target?: { readonly kind: 'account' | 'client'; readonly id: string } | undefined;
  readonly address: string | undefined;
  readonly why: RefusalReason;
}

/**
 * Keeps who was not let in. Each refusal is one write, whether or not there is such an account, so that nobody learns from the time it
 * takes; once its minute is over, what was gathered becomes one entry of the audit log.
 */
@Injectable()
export class RefusedSignIns implements DueWorkDefinition<RefusedSignIn> {
  readonly name = 'write-refused-sign-ins';
  readonly intervalMs = 10_000;
  readonly limit = 500;
  /** Those locked out come as often as they like: one of them a minute is on record, and costs us a look. */
  private readonly locked = new LRUCache<string, true>({ max: 10_000 });

  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** In a transaction that commits with the refusal; the scope may be the system's. */
  async write(tx: Tx, { tenant, target, address, why }: Refusal): Promise<void> {
    const minute = minuteOf(this.clock.now());
    const block = address ? addressBlock(address) : '';
    await noteRefusedSignIn(tx, { tenant, target, why, minute, address: block });
  }

  /** Never throws: the refusal stands whether it can be written down or not. */
  async note(refusal: Refusal): Promise<void> {
    if (!isTenantId(refusal.tenant)) return;
    try {
      await this.database.transaction(tenantScope(refusal.tenant), (tx) => this.write(tx, refusal));
    } catch (err) {
      this.log.warn({ err, why: refusal.why }, 'a refused sign-in was not put on record');
    }
  }

  /** Refused before anything was looked at. `email`: who is tried, unless it is the address that must wait. */
  async lockedOut(tenant: string, email: string | undefined, address: string | undefined): Promise<void> {
    const block = address ? addressBlock(address) : '';
    const key = `${minuteOf(this.clock.now()).getTime()}|${tenant}|${email ?? ''}|${block}`;
    if (!isTenantId(tenant) || this.locked.has(key)) return;
    this.locked.set(key, true);
    try {
      await this.database.transaction(tenantScope(tenant), async (tx) => {
        const account = email === undefined ? undefined : await findAccountByEmail(tx, tenant, email);
        const target = account && ({ kind: 'account', id: account.id } as const);
        await this.write(tx, { tenant, target, address, why: 'LOCKED' });
      });
    } catch (err) {
      this.log.warn({ err }, 'a refused sign-in was not put on record');
    }
  }

  async take(tx: Tx, now: Date, limit: number): Promise<RefusedSignIn[]> {
    const taken = await lockRefusedSignIns(tx, minuteOf(now), limit);
    return taken.filter(({ minute }) => isComplete(minute, now));
  }

  async run(tx: Tx, refused: RefusedSignIn): Promise<void> {
    await this.audit.write(tx, refusalEvent(refused), refused.minute);
    await deleteRefusedSignIn(tx, refused);
  }
}
