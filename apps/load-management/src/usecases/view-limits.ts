import { Injectable } from '@nestjs/common';
import { Database, mayOn, tenantScope, type Principal, type SortKey } from '@kilowatch/platform';
import type { LimitState } from '../domain/session-limit.js';
import { findSessions } from '../persistence/managed-session.repository.js';
import { findLimits } from '../persistence/session-limit.repository.js';
import { listSiteUses, siteUses, type SiteUse } from '../persistence/site.repository.js';

export type { SiteUse };

/** A session's limit as people see it; nulls without one. */
export interface SessionLimitView {
  readonly limitA: number | null;
  readonly state: LimitState | null;
}

/** Reads for people: sites for operators, a session's limit for its driver or an operator of its tenant. */
@Injectable()
export class ViewLimits {
  constructor(private readonly database: Database) {}

  listSites(principal: Principal, page: { limit: number; after: SortKey | undefined }): Promise<SiteUse[]> {
    return this.database.read(tenantScope(principal.tenant), (tx) =>
      listSiteUses(tx, principal.tenant, page),
    );
  }

  async sites(principal: Principal, locationIds: readonly string[]): Promise<Map<string, SiteUse>> {
    const uses = await this.database.read(tenantScope(principal.tenant), (tx) =>
      siteUses(tx, principal.tenant, locationIds),
    );
    return new Map(uses.map((use) => [use.locationId, use]));
  }

  /** The sessions of `ids` that the person may see; the others are missing from the map. */
  async sessions(principal: Principal, ids: readonly string[]): Promise<Map<string, SessionLimitView>> {
    return this.database.read(tenantScope(principal.tenant), async (tx) => {
      const known = await findSessions(tx, principal.tenant, ids);
      const visible = known.filter((each) => mayOn(principal, 'sessions:read', each));
      const limits = await findLimits(tx, principal.tenant, visible.map((each) => each.sessionId)); // prettier-ignore
      const views = new Map<string, SessionLimitView>(visible.map((each) => [each.sessionId, NO_LIMIT]));
      for (const { sessionId, wantedDa, state } of limits) {
        if (wantedDa !== null) views.set(sessionId, { limitA: wantedDa / 10, state });
      }
      return views;
    });
  }
}

const NO_LIMIT: SessionLimitView = { limitA: null, state: null };
