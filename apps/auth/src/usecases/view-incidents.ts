import { Inject, Injectable } from '@nestjs/common';
import { isUuid, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope, type Principal, type SortKey } from '@kilowatch/platform';
import { SEVERITIES, type Severity } from '../domain/attempts/attempt-judges.js';
import type { Incident } from '../domain/attempts/incident.js';
import {
  countOpenIncidents,
  findIncident,
  listIncidents,
  type IncidentFilter,
} from '../persistence/incident.repository.js';
import { watchedSince, watchingIncidents } from '../persistence/token-watch.repository.js';

export type { Incident };

export interface IncidentSearch extends Omit<IncidentFilter, 'severities'> {
  readonly atLeast?: Severity | undefined;
}

/** Reads for operators; tenants never see each other's. */
@Injectable()
export class ViewIncidents {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async one({ tenant }: Principal, id: string): Promise<Incident | undefined> {
    if (!isUuid(id)) return undefined;
    return this.database.read(tenantScope(tenant), (tx) => findIncident(tx, tenant, id));
  }

  list(
    { tenant }: Principal,
    page: { limit: number; after: SortKey | undefined },
    { atLeast, ...filter }: IncidentSearch,
  ): Promise<{ rows: Incident[]; open: number }> {
    const severities = atLeast && SEVERITIES.slice(SEVERITIES.indexOf(atLeast));
    return this.database.read(tenantScope(tenant), async (tx) => {
      const [rows, open] = await Promise.all([
        listIncidents(tx, tenant, page, { ...filter, severities }),
        countOpenIncidents(tx, tenant),
      ]);
      return { rows, open };
    });
  }

  watching({ tenant }: Principal, incidentIds: readonly string[]): Promise<Set<string>> {
    return this.database.read(tenantScope(tenant), (tx) =>
      watchingIncidents(tx, tenant, incidentIds, this.clock.now()),
    );
  }

  watchedSince({ tenant }: Principal, tokenIds: readonly string[]): Promise<Map<string, Date>> {
    return this.database.read(tenantScope(tenant), (tx) =>
      watchedSince(tx, tenant, tokenIds, this.clock.now()),
    );
  }
}
