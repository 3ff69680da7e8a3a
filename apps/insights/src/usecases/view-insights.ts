import { Injectable } from '@nestjs/common';
import { groupBy, invalid } from '@kilowatch/kernel';
import {
  Database,
  ownerLimit,
  tenantScope,
  type Principal,
  type SortKey,
  type Tx,
} from '@kilowatch/platform';
import {
  anomaliesOfSessions,
  listAnomalies,
  openAnomaliesOf,
  type Anomaly,
} from '../persistence/anomaly.repository.js';
import { visibleSessions } from '../persistence/session.repository.js';
import { stationDays, type StationDay } from '../persistence/station-day.repository.js';

export type { Anomaly };

const LONGEST_REPORT_DAYS = 92;
const DAY_MS = 86_400_000;

/** Reads for people: all of the tenant for operators, a driver's own sessions for the driver. */
@Injectable()
export class ViewInsights {
  constructor(private readonly database: Database) {}

  list(
    principal: Principal,
    page: { limit: number; after: SortKey | undefined },
    filter: { stationId?: string | undefined; open?: boolean | undefined },
  ): Promise<Anomaly[]> {
    return this.read(principal, (tx) => listAnomalies(tx, principal.tenant, page, filter));
  }

  /** Anomalies by session; sessions the person may not see, or that are not known yet, are missing. */
  ofSessions(principal: Principal, sessionIds: readonly string[]): Promise<Map<string, Anomaly[]>> {
    const { tenant } = principal;
    const accountId = ownerLimit(principal, 'insights:read');
    return this.read(principal, async (tx) => {
      const visible = await visibleSessions(tx, tenant, sessionIds, accountId);
      const found = new Map<string, Anomaly[]>(visible.map((sessionId) => [sessionId, []]));
      for (const anomaly of await anomaliesOfSessions(tx, tenant, visible))
        found.get(anomaly.sessionId)?.push(anomaly);
      return found;
    });
  }

  openOfStations(principal: Principal, stationIds: readonly string[]): Promise<Map<string, Anomaly[]>> {
    return this.read(principal, async (tx) =>
      groupBy(await openAnomaliesOf(tx, principal.tenant, stationIds), ({ stationId }) => stationId),
    );
  }

  /** Days `from`..`to` inclusive, `YYYY-MM-DD`. */
  stationReport(
    principal: Principal,
    from: string,
    to: string,
    stationId: string | undefined,
  ): Promise<StationDay[]> {
    const days = (dayOf(to) - dayOf(from)) / DAY_MS + 1;
    if (days < 1 || days > LONGEST_REPORT_DAYS) {
      throw invalid(
        'REPORT_RANGE',
        `A report covers 1 to ${LONGEST_REPORT_DAYS} days, from the first to the last.`,
      );
    }
    return this.read(principal, (tx) => stationDays(tx, principal.tenant, from, to, stationId));
  }

  private read<T>(principal: Principal, fn: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.read(tenantScope(principal.tenant), fn);
  }
}

function dayOf(text: string): number {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  // 30 February parses as 2 March.
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text) {
    throw invalid('REPORT_DAY', 'A day is written YYYY-MM-DD.', { day: text });
  }
  return at;
}
