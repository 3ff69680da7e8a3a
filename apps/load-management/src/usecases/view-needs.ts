import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, Database, mayOn, tenantScope, type Principal } from '@kilowatch/platform';
import type { CarSchedule } from '../domain/car-schedule.js';
import type { ChargingNeeds } from '../domain/charging-needs.js';
import { isEnough, type ChargingSchedule } from '../domain/charging-schedule.js';
import { startByOurClock } from '../domain/transaction-start.js';
import { carsOfSessions } from '../persistence/car-needs.repository.js';
import { findSessions } from '../persistence/managed-session.repository.js';
import { findLimits } from '../persistence/session-limit.repository.js';

/** What a car told, what it was given, and what it made of it. */
export interface NeedsView {
  readonly needs: ChargingNeeds | null;
  readonly toldAt: Date;
  /** That its charger took, with its second 0 by our clock. */
  readonly schedule: ChargingSchedule | null;
  readonly startAt: Date;
  /** Until departure, had it charged with the limit it has now since it told its needs. Null: nobody knows. */
  readonly isEnough: boolean | null;
  readonly carSchedule: CarSchedule | null;
  readonly carScheduleFits: boolean | null;
}

/** For a session's driver, and for operators of its tenant. */
@Injectable()
export class ViewNeeds {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The sessions of `ids` whose car told something and that the person may see; the others are missing from the map. */
  ofSessions(principal: Principal, ids: readonly string[]): Promise<Map<string, NeedsView>> {
    const { tenant } = principal;
    return this.database.read(tenantScope(tenant), async (tx) => {
      const cars = await carsOfSessions(tx, tenant, ids);
      if (cars.size === 0) return new Map<string, NeedsView>();
      const known = await findSessions(tx, tenant, [...cars.keys()]);
      const visible = known.filter((session) => mayOn(principal, 'sessions:read', session));
      const limits = await findLimits(tx, tenant, visible.map(({ sessionId }) => sessionId)); // prettier-ignore
      return new Map(
        visible.map((session) => {
          const car = cars.get(session.sessionId)!;
          const limit = limits.find(({ sessionId }) => sessionId === session.sessionId);
          const limitDa = limit?.appliedDa ?? limit?.wantedDa ?? undefined;
          const view: NeedsView = {
            needs: car.needs,
            toldAt: car.toldAt,
            schedule: limit?.schedule ?? null,
            startAt: startByOurClock(session, this.clock.now()),
            isEnough:
              (car.needs && limitDa !== undefined
                ? isEnough(car.needs, limitDa, session.phases, car.toldAt)
                : undefined) ?? null,
            carSchedule: car.carSchedule,
            carScheduleFits: car.carScheduleFits,
          };
          return [session.sessionId, view];
        }),
      );
    });
  }
}
