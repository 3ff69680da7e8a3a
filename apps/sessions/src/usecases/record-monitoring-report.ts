import { Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import type { TenantId } from '@kilowatch/kernel';
import { Database, tenantScope } from '@kilowatch/platform';
import { MonitorRepository } from '../persistence/monitor.repository.js';
import { stationUnknown } from '../persistence/situation.repository.js';
import { StationReportRepository } from '../persistence/station-report.repository.js';
import { rowOfPlace } from '../persistence/variable-place.js';
import type { StationContact } from './record-station-message.js';

/** NotifyMonitoringReport: page by page, in whatever order; the newest report of a monitor counts. */
@Injectable()
export class RecordMonitoringReport {
  constructor(
    private readonly database: Database,
    private readonly monitors: MonitorRepository,
    private readonly reports: StationReportRepository,
  ) {}

  async record(
    tenant: TenantId,
    { stationId, receivedAt }: StationContact,
    told: sessions.MonitoringReport,
  ): Promise<void> {
    const monitors = told.monitors.map((monitor) => ({
      ...rowOfPlace(monitor.place),
      monitor_id: monitor.monitorId,
      kind: monitor.kind,
      value: monitor.value,
      severity: monitor.severity,
      only_in_transaction: monitor.onlyInTransaction,
      notification_type: monitor.notificationType,
    }));
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      const known = await this.monitors.save(tx, tenant, stationId, monitors, receivedAt);
      if (!known) throw stationUnknown(stationId);
      const id = { stationId, kind: 'MONITORS', requestId: told.requestId } as const;
      if (await this.reports.addPage(tx, tenant, id, told, receivedAt)) tx.live('station', stationId);
    });
  }
}
