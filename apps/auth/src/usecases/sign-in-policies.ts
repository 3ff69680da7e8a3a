import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope, type Principal } from '@kilowatch/platform';
import type { Role } from '../domain/account.js';
import { findSecondFactorRoles, saveSecondFactorRoles } from '../persistence/second-factor.repository.js';
import { actorOf, AuditLog } from './audit-log.js';

/** What a tenant wants of those who sign in. */
@Injectable()
export class SignInPolicies {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async secondFactorRoles({ tenant }: Principal): Promise<Role[]> {
    return (await this.database.read(tenantScope(tenant), (tx) =>
      findSecondFactorRoles(tx, tenant),
    )) as Role[];
  }

  /** Counts from the next sign-in on. */
  async set(principal: Principal, roles: readonly Role[], address: string | undefined): Promise<Role[]> {
    const { tenant } = principal;
    const wanted = [...new Set(roles)].sort();
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      await saveSecondFactorRoles(tx, tenant, wanted, this.clock.now());
      await this.audit.write(tx, {
        tenant,
        by: actorOf(principal, address),
        action: 'sign_in_policy.set',
        target: { kind: 'sign_in_policy', id: tenant },
        details: { secondFactorRoles: wanted.join(' ') },
      });
    });
    return wanted;
  }
}
