import { Inject, Injectable } from '@nestjs/common';
import type { loadManagement } from '@kilowatch/contracts';
import { isUuid, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope } from '@kilowatch/platform';
import { needsProblem, type ChargingNeeds } from '../domain/charging-needs.js';
import { saveNeeds, waitingAt } from '../persistence/car-needs.repository.js';
import { activeAt } from '../persistence/managed-session.repository.js';
import { lockSite } from '../persistence/site.repository.js';
import { locationOf } from '../persistence/station.repository.js';
import { SteerSite } from './steer-site.js';

/** Cars of one station that wait for their session: more EVSEs than one has. */
const MOST_WAITING = 50;

const ANSWERS = {
  UnsupportedTransfer: { status: 'REJECTED', reasonCode: 'UnsupportedTransfer' },
  NoFigures: { status: 'NO_SCHEDULE', reasonCode: 'NoFigures' },
  TooManyWaiting: { status: 'NO_SCHEDULE', reasonCode: 'TooManyWaiting' },
  UnknownStation: { status: 'NO_SCHEDULE', reasonCode: 'UnknownStation' },
} as const;

/**
 * What a car needs (K15), or needs now (K17): kept, and its site planned anew with it in the same transaction. The schedule goes the way
 * of every limit, so it is never above what the site allows. A repetition is answered with a schedule again, as the car waits for one.
 */
@Injectable()
export class RecordNeeds {
  constructor(
    private readonly database: Database,
    private readonly steer: SteerSite,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(
    tenant: string,
    request: loadManagement.RecordChargingNeedsRequest,
  ): Promise<loadManagement.RecordChargingNeedsResponse> {
    const needs = needsOf(request);
    const problem = needsProblem(needs);
    if (problem) return ANSWERS[problem];
    const { stationId, evseNumber } = request;
    if (!isUuid(stationId)) return ANSWERS.UnknownStation;
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const locationId = await locationOf(tx, tenant, stationId);
      if (locationId === undefined || !(await lockSite(tx, tenant, locationId)))
        return ANSWERS.UnknownStation;
      const session = await activeAt(tx, tenant, stationId, evseNumber);
      const sessionId = session?.sessionId ?? null;
      if (sessionId === null && (await waitingAt(tx, tenant, stationId)) >= MOST_WAITING)
        return ANSWERS.TooManyWaiting;
      const place = { tenant, locationId, stationId, evseNumber, sessionId };
      await saveNeeds(tx, place, needs, request.receivedAt ?? this.clock.now());
      await this.steer.run(tx, tenant, locationId);
      if (sessionId === null) return { status: 'PROCESSING', reasonCode: '' };
      tx.live('session', sessionId);
      return { status: 'ACCEPTED', reasonCode: '' };
    });
  }
}

function needsOf(request: loadManagement.RecordChargingNeedsRequest): ChargingNeeds {
  return {
    transfer: request.transfer,
    departureAt: request.departureAt ?? null,
    maxPeriods: request.maxPeriods ?? null,
    energyWh: request.energyWh ?? null,
    minCurrentA: request.minCurrentA ?? null,
    maxCurrentA: request.maxCurrentA ?? null,
    maxVoltageV: request.maxVoltageV ?? null,
    minPowerW: request.minPowerW ?? null,
    maxPowerW: request.maxPowerW ?? null,
    capacityWh: request.capacityWh ?? null,
    stateOfCharge: request.stateOfCharge ?? null,
    fullStateOfCharge: request.fullStateOfCharge ?? null,
  };
}
