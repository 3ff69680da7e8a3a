import { Injectable } from '@nestjs/common';
import { Database, tenantScope, type Principal, type SortKey } from '@kilowatch/platform';
import { listHeld } from '../persistence/billed-session.repository.js';
import type { HoldReason } from './settle-session.js';

export type { BilledSession } from '../persistence/billed-session.repository.js';

/** The sessions of a tenant whose bill waits for a person or for a tariff. */
@Injectable()
export class ViewHolds {
  constructor(private readonly database: Database) {}

  list(
    principal: Principal,
    reason: HoldReason | undefined,
    page: { limit: number; after: SortKey | undefined },
  ) {
    return this.database.read(tenantScope(principal.tenant), (tx) =>
      listHeld(tx, principal.tenant, reason, page),
    );
  }
}
