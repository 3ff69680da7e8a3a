import { Inject, Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import type { Clock, TenantId } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope } from '@kilowatch/platform';
import { requireStationId, stationUnknown } from '../persistence/situation.repository.js';
import { StationReportRepository } from '../persistence/station-report.repository.js';
import { StationVariableRepository } from '../persistence/station-variable.repository.js';
import { NoteCostAbility } from './note-cost-ability.js';

/** NotifyReport: each page is stored as it comes, in whatever order; the newest report of a variable counts. */
@Injectable()
export class RecordStationReport {
  constructor(
    private readonly database: Database,
    private readonly variables: StationVariableRepository,
    private readonly reports: StationReportRepository,
    private readonly costs: NoteCostAbility,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async record(
    tenant: TenantId,
    request: sessions.RecordStationReportRequest,
  ): Promise<sessions.RecordStationReportResponse> {
    requireStationId(request.stationId);
    const at = request.receivedAt ?? this.clock.now();
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      const { stationId, requestId, variables } = request;
      const known = await this.variables.save(tx, tenant, stationId, variables, at);
      if (!known) throw stationUnknown(stationId);
      const components = variables.map(({ component }) => component);
      await this.costs.run(tx, tenant, stationId, components);
      const id = { stationId, kind: 'SETTINGS', requestId } as const;
      if (await this.reports.addPage(tx, tenant, id, request, at)) tx.live('station', stationId);
    });
    return {};
  }
}
