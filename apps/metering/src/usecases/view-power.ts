import { Inject, Injectable } from '@nestjs/common';
import { isUuid, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope, type Principal } from '@kilowatch/platform';
import {
  livePower,
  livePowerAt,
  type PowerPlace,
  type PowerSum,
} from '../persistence/live-power.repository.js';
import { WHOLE_TENANT } from './power-news.js';
import { STALE_MS } from './view-session.js';

export type { PowerPlace };

export interface LivePower extends PowerSum {
  readonly asOf: Date;
}

const PLACES: readonly PowerPlace[] = ['LOCATION', 'STATION', 'EVSE'];
const NOTHING: PowerSum = { powerW: 0, activeSessions: 0 };

/** The power that is drawn now, for operators: whose sessions they are makes no difference. */
@Injectable()
export class ViewPower {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async ofTenant({ tenant }: Principal): Promise<LivePower> {
    const now = this.clock.now();
    const sum = await this.database.read(tenantScope(tenant), (tx) => livePower(tx, tenant, since(now)));
    return { ...sum, asOf: now };
  }

  /** `id`: of a location, a station or an EVSE, or `all`. Nothing is drawn at a place that is new, or that is not the tenant's. */
  async at(principal: Principal, id: string): Promise<LivePower> {
    if (id === WHOLE_TENANT) return this.ofTenant(principal);
    const found = await Promise.all(PLACES.map((place) => this.atEach(principal, place, [id])));
    const sum = found.map((sums) => sums.get(id)).find((one) => one !== undefined);
    return { ...(sum ?? NOTHING), asOf: this.clock.now() };
  }

  /** Places at which nothing runs are missing. */
  async atEach(
    { tenant }: Principal,
    place: PowerPlace,
    ids: readonly string[],
  ): Promise<Map<string, PowerSum>> {
    const asked = place === 'STATION' ? ids.filter(isUuid) : ids;
    if (asked.length === 0) return new Map();
    return this.database.read(tenantScope(tenant), (tx) =>
      livePowerAt(tx, tenant, place, asked, since(this.clock.now())),
    );
  }
}

const since = (now: Date) => new Date(now.getTime() - STALE_MS);
