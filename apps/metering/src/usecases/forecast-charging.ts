import { Injectable } from '@nestjs/common';
import { Database, tenantScope, type Principal } from '@kilowatch/platform';
import { LRUCache } from 'lru-cache';
import { estimateAt, learnCar, type CarCurve, type ForecastTarget } from '../domain/charging-forecast.js';
import { earlierCurves } from '../persistence/session-curve.repository.js';
import type { SessionMeter } from './view-session.js';

/** What earlier sessions say changes with the next session, not with each look. */
const KEPT_MS = 10 * 60_000;

/** When a running session reaches what is wanted, as it stands now. Whoever has the meter of a session may ask. */
@Injectable()
export class ForecastCharging {
  private readonly cars = new LRUCache<string, CarCurve>({ max: 5_000, ttl: KEPT_MS });

  constructor(private readonly database: Database) {}

  async run({ tenant }: Principal, meter: SessionMeter, target: ForecastTarget): Promise<Date | undefined> {
    const { session, readings } = meter;
    if (session.status !== 'ACTIVE') return undefined;
    const key = `${tenant}|${session.sessionId}`;
    let car = this.cars.get(key);
    if (!car) {
      car = learnCar(
        await this.database.read(tenantScope(tenant), (tx) => earlierCurves(tx, tenant, session)),
      );
      this.cars.set(key, car);
    }
    return estimateAt(readings, target, car);
  }
}
