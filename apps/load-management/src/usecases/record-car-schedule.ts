import { Inject, Injectable } from '@nestjs/common';
import type { loadManagement } from '@kilowatch/contracts';
import { isUuid, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope } from '@kilowatch/platform';
import { fits, isToldAgain, type CarSchedule, type Given } from '../domain/car-schedule.js';
import { toldAgain, type SessionLimit } from '../domain/session-limit.js';
import { startByStationClock } from '../domain/transaction-start.js';
import { carAt, saveCarSchedule } from '../persistence/car-needs.repository.js';
import { activeAt } from '../persistence/managed-session.repository.js';
import { findLimits } from '../persistence/session-limit.repository.js';
import { lockSite } from '../persistence/site.repository.js';
import { locationOf } from '../persistence/station.repository.js';
import { SteerSite } from './steer-site.js';

const TAKEN = { accepted: true, reasonCode: '' };

/**
 * What a car made of its schedule: kept beside its needs, and refused when it means to draw more than it was given. Then its charger is
 * told again (K15.FR.13), the way of every limit.
 */
@Injectable()
export class RecordCarSchedule {
  constructor(
    private readonly database: Database,
    private readonly steer: SteerSite,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(
    tenant: string,
    request: loadManagement.RecordChargingScheduleRequest,
  ): Promise<loadManagement.RecordChargingScheduleResponse> {
    const { stationId, evseNumber } = request;
    if (!isUuid(stationId)) return TAKEN;
    const at = request.receivedAt ?? this.clock.now();
    const car: CarSchedule = {
      timeBase: request.timeBase ?? at,
      unit: request.unit === 'W' ? 'W' : 'A',
      durationSeconds: request.durationSeconds || null,
      periods: request.periods.map(({ startSeconds, limit, numberPhases }) => ({
        startSeconds,
        limit,
        numberPhases: numberPhases ?? null,
      })),
    };
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const session = await activeAt(tx, tenant, stationId, evseNumber);
      const locationId = await locationOf(tx, tenant, stationId);
      // Nobody was given anything there, and there is nothing to show it with.
      if (!session || locationId === undefined) return TAKEN;
      const { sessionId } = session;
      await lockSite(tx, tenant, locationId);
      const [limit] = await findLimits(tx, tenant, [sessionId]);
      const { needs = null, carRefusals = 0 } = (await carAt(tx, tenant, stationId, evseNumber)) ?? {};
      const given = limit ? givenBy(limit, startByStationClock(session, this.clock.now())) : [];
      const doesFit = given.length === 0 || given.some((each) => fits(car, each, needs));
      const place = { tenant, locationId, stationId, evseNumber, sessionId };
      await saveCarSchedule(tx, place, car, doesFit, at);
      tx.live('session', sessionId);
      if (doesFit) return TAKEN;
      if (isToldAgain(carRefusals + 1))
        await this.steer.run(tx, tenant, locationId, {
          change: (each) => (each.sessionId === sessionId ? toldAgain(each) : each),
        });
      return { accepted: false, reasonCode: 'AboveLimit' };
    });
  }
}

/** What the charger has, and what may just have reached it: the car may answer before the charger has told us that it took it. */
function givenBy({ appliedDa, schedule, flight }: SessionLimit, startAt: Date): Given[] {
  const limits = [
    appliedDa === null ? undefined : (schedule ?? { limitDa: appliedDa }),
    flight === null || flight.limitDa === null ? undefined : (flight.schedule ?? { limitDa: flight.limitDa }),
  ];
  return limits.flatMap((each) => (each ? [{ startAt, schedule: each }] : []));
}
