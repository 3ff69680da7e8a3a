import { Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { backAgain } from '../domain/session-limit.js';
import { limitsOfStation } from '../persistence/session-limit.repository.js';
import { saveLocation } from '../persistence/site.repository.js';
import { saveStation } from '../persistence/station.repository.js';
import { SteerSite } from './steer-site.js';

/** Keeps which locations there are and which stations are there; a station that came back is told its limits at once. */
@Injectable()
export class FollowPlace {
  constructor(private readonly steer: SteerSite) {}

  async location(tx: Tx, location: sessions.Location, meta: EventMeta): Promise<void> {
    await saveLocation(tx, meta.tenant, location.locationId, location.name, meta.aggregateVersion);
  }

  async station(tx: Tx, station: sessions.Station, meta: EventMeta): Promise<void> {
    const { stationId, locationId, online, vendor, model } = station;
    const { tenant, aggregateVersion: version } = meta;
    const news = await saveStation(tx, { tenant, stationId, locationId, online, vendor, model, version });
    if (!news || !online) return;
    const there = new Set(await limitsOfStation(tx, tenant, stationId));
    if (there.size === 0) return;
    await this.steer.run(tx, tenant, locationId, {
      change: (limit) => {
        if (!there.has(limit.sessionId)) return limit;
        if (!news.wasOnline) return backAgain(limit);
        return limit.dueAt ? { ...limit, dueAt: null } : limit;
      },
    });
  }
}
