import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope, type Principal } from '@kilowatch/platform';
import {
  checkedTrustChoices,
  trustPolicyOf,
  type TrustChoices,
  type TrustPolicy,
} from '../domain/trust-policy.js';
import { countTrustChange, findTrustPolicy } from '../persistence/trust-policy.repository.js';
import { actorOf, AuditLog } from './audit-log.js';

export type { TrustPolicy };

/** What the company decides about certificates of contracts. */
@Injectable()
export class SetTrustPolicy {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async view({ tenant }: Principal): Promise<TrustPolicy> {
    const { choices } = await this.database.read(tenantScope(tenant), (tx) => findTrustPolicy(tx, tenant));
    return trustPolicyOf(choices);
  }

  /** Only what is named changes; null takes a choice back. */
  run(principal: Principal, changes: TrustChoices, address?: string): Promise<TrustPolicy> {
    const { tenant, accountId } = principal;
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      tx.lock(`trust|${tenant}`);
      const held = await findTrustPolicy(tx, tenant);
      const choices = checkedTrustChoices({ ...held.choices, ...changes });
      await countTrustChange(tx, tenant, accountId, this.clock.now(), choices);
      await this.audit.write(tx, {
        tenant,
        by: actorOf(principal, address),
        action: 'trust_policy.changed',
        target: { kind: 'trust_policy', id: 'company' },
        details: Object.fromEntries(
          Object.entries(changes).map(([key, value]) => [key, String(value ?? 'default')]),
        ),
      });
      return trustPolicyOf(choices);
    });
  }
}
