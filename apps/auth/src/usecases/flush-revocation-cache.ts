import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope, type Principal } from '@kilowatch/platform';
import { forgetStatuses } from '../persistence/ocsp-status.repository.js';
import { countTrustChange } from '../persistence/trust-policy.repository.js';
import { actorOf, AuditLog } from './audit-log.js';

/** Forgets what responders said, so that all are asked again. Revocations stay unless they are named: a responder may have lost them. */
@Injectable()
export class FlushRevocationCache {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  run(
    principal: Principal,
    { includingRevoked, reason }: { includingRevoked: boolean; reason: string },
    address?: string,
  ): Promise<number> {
    const { tenant, accountId } = principal;
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const count = await forgetStatuses(tx, tenant, includingRevoked);
      // Lists of revoked certificates are held by each pod, under the version.
      await countTrustChange(tx, tenant, accountId, this.clock.now());
      await this.audit.write(tx, {
        tenant,
        by: actorOf(principal, address),
        action: 'revocation_cache.flushed',
        target: { kind: 'revocation_cache', id: 'company' },
        reason,
        details: { removed: count, includingRevoked },
      });
      return count;
    });
  }
}
