import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope, type Principal } from '@kilowatch/platform';
import { changedPolicy, type AttemptPolicy, type PolicyChange } from '../domain/attempts/attempt-rules.js';
import { findPolicy, savePolicy } from '../persistence/attempt-policy.repository.js';
import { actorOf, AuditLog } from './audit-log.js';
import { attemptsLock } from './monitor-attempts.js';

/** What each tenant wants of the attempt monitor. */
@Injectable()
export class AttemptPolicies {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async of(tenant: string): Promise<AttemptPolicy> {
    return (await this.database.read(tenantScope(tenant), (tx) => findPolicy(tx, tenant))).policy;
  }

  /** Throws INVALID with what is allowed. A change that changes nothing leaves no trace. */
  change(
    principal: Principal,
    wanted: PolicyChange & { readonly reason: string },
    address?: string,
  ): Promise<AttemptPolicy> {
    const { tenant } = principal;
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      tx.lock(attemptsLock(tenant));
      const held = await findPolicy(tx, tenant);
      const policy = changedPolicy(held.policy, wanted);
      if (JSON.stringify(policy) === JSON.stringify(held.policy)) return policy;
      await savePolicy(tx, tenant, { policy, version: held.version + 1 }, this.clock.now());
      await this.audit.write(tx, {
        tenant,
        by: actorOf(principal, address),
        action: 'attempt_rules.changed',
        target: { kind: 'attempt_rules', id: tenant },
        reason: wanted.reason,
        details: { policy: JSON.stringify(policy).slice(0, 2_000) },
      });
      return policy;
    });
  }
}
