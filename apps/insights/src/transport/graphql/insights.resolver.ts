import { Args, Query, Resolver } from '@nestjs/graphql';
import { isUuid, mwh, notFound, whNumber } from '@kilowatch/kernel';
import { Allow, connection, CurrentPrincipal, pageRequest, type Principal } from '@kilowatch/platform';
import { ViewInsights } from '../../usecases/view-insights.js';
import { toAnomalyNode } from './anomaly-node.js';

const MINUTE_MS = 60_000;

/** The operators' lists. */
@Resolver('Query')
export class InsightsResolver {
  constructor(private readonly view: ViewInsights) {}

  @Query()
  @Allow('insights:read', 'all')
  async anomalies(
    @Args() args: { first: number; after?: string; stationId?: string | null; open?: boolean | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    const page = pageRequest(args, ['time', 'id']);
    const filter = { stationId: stationIdOf(args.stationId), open: args.open ?? undefined };
    const rows = await this.view.list(principal, page, filter);
    return connection(page, rows, (row) => [row.detectedAt.toISOString(), row.id], toAnomalyNode);
  }

  @Query()
  @Allow('insights:read', 'all')
  async stationReport(
    @Args() args: { from: string; to: string; stationId?: string | null },
    @CurrentPrincipal() principal: Principal,
  ) {
    const days = await this.view.stationReport(principal, args.from, args.to, stationIdOf(args.stationId));
    return days.map((day) => ({
      station: { id: day.stationId },
      day: day.day,
      sessions: day.sessions,
      energyWh: whNumber(mwh(day.energyMwh)),
      chargingMinutes: Math.round(day.chargingMs / MINUTE_MS),
      idleMinutes: Math.round(day.idleMs / MINUTE_MS),
      failedSessions: day.failedSessions,
    }));
  }
}

function stationIdOf(id: string | null | undefined): string | undefined {
  if (id === null || id === undefined) return undefined;
  if (!isUuid(id)) throw notFound('STATION', 'There is no such station.');
  return id;
}
