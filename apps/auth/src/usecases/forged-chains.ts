import { Injectable } from '@nestjs/common';
import { isUuid, notFound } from '@kilowatch/kernel';
import { Database, tenantScope, type Principal } from '@kilowatch/platform';
import type { ForgedChain } from '../domain/attempts/forged-chain.js';
import { listForgedChains } from '../persistence/forged-chain.repository.js';
import { findIncident } from '../persistence/incident.repository.js';
import { actorOf, AuditLog } from './audit-log.js';

export type { ForgedChain };

/** The chains behind an incident, as they were shown. They name people's contracts: that somebody looked is in the audit. */
@Injectable()
export class ForgedChains {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
  ) {}

  /** None of an incident of another rule. Throws NOT_FOUND for one that is not there, or of another tenant. */
  async of(principal: Principal, incidentId: string, address?: string): Promise<ForgedChain[]> {
    const { tenant } = principal;
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const incident = isUuid(incidentId) ? await findIncident(tx, tenant, incidentId) : undefined;
      if (!incident) throw notFound('AUTH_INCIDENT', 'There is no such incident.');
      if (incident.rule !== 'FORGED_CHAIN') return [];
      const chains = await listForgedChains(tx, tenant, incident.key);
      await this.audit.write(tx, {
        tenant,
        by: actorOf(principal, address),
        action: 'forged_chains.read',
        target: { kind: 'incident', id: incidentId },
        details: { chains: chains.length },
      });
      return chains;
    });
  }
}
