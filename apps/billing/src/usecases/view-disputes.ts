import { Injectable } from '@nestjs/common';
import { Database, ownerLimit, tenantScope, type Principal, type SortKey } from '@kilowatch/platform';
import type { DisputeState } from '../domain/dispute.js';
import { listDisputes } from '../persistence/dispute.repository.js';

export type { Dispute, DisputeState } from '../domain/dispute.js';

/** Disputes for people: drivers their own, operators those of their tenant. */
@Injectable()
export class ViewDisputes {
  constructor(private readonly database: Database) {}

  list(
    principal: Principal,
    state: DisputeState | undefined,
    page: { limit: number; after: SortKey | undefined },
  ) {
    const accountId = ownerLimit(principal, 'disputes:read');
    return this.database.read(tenantScope(principal.tenant), (tx) =>
      listDisputes(tx, principal.tenant, { accountId, state }, page),
    );
  }
}
