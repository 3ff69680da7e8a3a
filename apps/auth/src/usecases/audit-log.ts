import { Inject, Injectable } from '@nestjs/common';
import type { Clock, IdSource } from '@kilowatch/kernel';
import {
  CLOCK,
  Database,
  IDS,
  tenantScope,
  type Principal,
  type SortKey,
  type Tx,
} from '@kilowatch/platform';
import { auditEntry, type Actor, type AuditEntry, type AuditEvent } from '../domain/audit.js';
import { insertAuditEntry, listAuditEntries, type AuditFilter } from '../persistence/audit.repository.js';

export type { AuditEntry, AuditFilter };

/** The one place that writes the audit log: `write` within the transaction of the change, so that neither is there without the other. */
@Injectable()
export class AuditLog {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** `at`: when it happened, if that was not now. */
  async write(tx: Tx, event: AuditEvent, at = this.clock.now()): Promise<void> {
    await insertAuditEntry(tx, auditEntry(event, this.ids.newId(), at));
  }

  list(
    { tenant }: Principal,
    page: { limit: number; after: SortKey | undefined },
    filter: AuditFilter,
  ): Promise<AuditEntry[]> {
    return this.database.read(tenantScope(tenant), (tx) => listAuditEntries(tx, tenant, page, filter));
  }
}

/** Whoever holds this access token; `address` is the `clientAddress` of the request's context. */
export function actorOf(
  { accountId, role }: Pick<Principal, 'accountId'> & Partial<Pick<Principal, 'role'>>,
  address?: string,
): Actor {
  return { kind: role === 'client' ? 'CLIENT' : 'PERSON', id: accountId, address };
}
