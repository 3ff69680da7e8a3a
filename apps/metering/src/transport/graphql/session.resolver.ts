import { Args, Parent, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { invalid, isUuid } from '@kilowatch/kernel';
import { Allow, batchLoad, CurrentPrincipal, type GraphqlContext, type Principal } from '@kilowatch/platform';
import { ForecastCharging } from '../../usecases/forecast-charging.js';
import { ViewSession } from '../../usecases/view-session.js';
import { wattHours, type SessionNode } from './session-node.js';

const LONGEST_STEP_SECONDS = 86_400;
const MOST_POINTS = 2_000;
const MOST_WH = 10_000_000;

/** Metering's part of a Session. A session the person may not see, or that metering does not know yet, is null. */
@Resolver('Session')
export class SessionResolver {
  constructor(
    private readonly view: ViewSession,
    private readonly forecast: ForecastCharging,
  ) {}

  @ResolveReference()
  @Allow('sessions:read')
  async reference(reference: { id: string }, context: GraphqlContext): Promise<SessionNode | null> {
    const { principal } = context;
    if (!principal || !isUuid(reference.id)) return null;
    const meter = await batchLoad(context, 'metering.session', reference.id, (ids) =>
      this.view.meters(principal, ids),
    );
    return meter ? { id: reference.id, meter } : null;
  }

  @ResolveField()
  @Allow('sessions:read')
  energyWh(@Parent() node: SessionNode): number | null {
    return wattHours(node.meter.energyMwh);
  }

  @ResolveField()
  @Allow('sessions:read')
  energyStatus(@Parent() node: SessionNode): string {
    return node.meter.status;
  }

  @ResolveField()
  @Allow('sessions:read')
  energySource(@Parent() node: SessionNode): string | null {
    return node.meter.source ?? null;
  }

  @ResolveField()
  @Allow('sessions:read')
  exportedWh(@Parent() node: SessionNode): number | null {
    return wattHours(node.meter.exportMwh);
  }

  @ResolveField()
  @Allow('sessions:read')
  livePowerW(@Parent() node: SessionNode): number | null {
    return node.meter.livePowerW ?? null;
  }

  @ResolveField()
  @Allow('sessions:read')
  socPercent(@Parent() node: SessionNode): number | null {
    return node.meter.socPercent ?? null;
  }

  @ResolveField()
  @Allow('sessions:read')
  lastReadingAt(@Parent() node: SessionNode): Date | null {
    return node.meter.lastReadingAt ?? null;
  }

  @ResolveField()
  @Allow('sessions:read')
  async estimatedFullAt(
    @Parent() node: SessionNode,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Date | null> {
    return (await this.forecast.run(principal, node.meter, { soc: 100 })) ?? null;
  }

  @ResolveField()
  @Allow('sessions:read')
  async estimatedAt(
    @Parent() node: SessionNode,
    @Args('soc') soc: number | null | undefined,
    @Args('energyWh') energyWh: number | null | undefined,
    @CurrentPrincipal() principal: Principal,
  ): Promise<Date | null> {
    const one = typeof soc !== 'number' || typeof energyWh !== 'number';
    const level = soc ?? 100;
    const fits =
      typeof energyWh === 'number' ? energyWh > 0 && energyWh <= MOST_WH : level > 0 && level <= 100;
    if (!one || !fits) {
      throw invalid('METERING_TARGET', 'Give either soc, above 0 to 100, or energyWh, above 0');
    }
    const target = typeof energyWh === 'number' ? { energyMwh: Math.round(energyWh * 1000) } : { soc: level };
    return (await this.forecast.run(principal, node.meter, target)) ?? null;
  }

  @ResolveField()
  @Allow('sessions:read')
  async powerCurve(
    @Parent() node: SessionNode,
    @Args('resolutionSeconds') resolutionSeconds: number,
    @Args('maxPoints') maxPoints: number,
    @CurrentPrincipal() principal: Principal,
  ) {
    if (
      !Number.isInteger(resolutionSeconds) ||
      resolutionSeconds < 1 ||
      resolutionSeconds > LONGEST_STEP_SECONDS
    ) {
      throw invalid('METERING_RESOLUTION', 'resolutionSeconds must be a whole number from 1 to 86400');
    }
    if (!Number.isInteger(maxPoints) || maxPoints < 2 || maxPoints > MOST_POINTS) {
      throw invalid('METERING_POINTS', `maxPoints must be a whole number from 2 to ${MOST_POINTS}`);
    }
    const points = await this.view.curve(principal, node.meter.session, resolutionSeconds, maxPoints);
    return points.map((point) => ({
      at: point.at,
      powerW: point.powerW,
      energyWh: wattHours(point.energyMwh),
    }));
  }

  @ResolveField()
  @Allow('sessions:read')
  registers(@Parent() node: SessionNode) {
    return { beginWh: wattHours(node.meter.beginMwh), endWh: wattHours(node.meter.endMwh) };
  }

  @ResolveField()
  @Allow('sessions:read')
  meterDeviations(@Parent() node: SessionNode): readonly string[] {
    return node.meter.deviations;
  }
}
