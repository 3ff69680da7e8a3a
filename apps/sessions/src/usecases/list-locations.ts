import { Injectable } from '@nestjs/common';
import { sessions } from '@kilowatch/contracts';
import { invalid, type TenantId } from '@kilowatch/kernel';
import { Database, fitting, tenantScope } from '@kilowatch/platform';
import { LocationListingRepository } from '../persistence/location-listing.repository.js';
import { locationMessage } from './place-messages.js';

const MAX_LIMIT = 1000;

@Injectable()
export class ListLocations {
  constructor(
    private readonly database: Database,
    private readonly listing: LocationListingRepository,
  ) {}

  async list(
    tenant: TenantId,
    request: sessions.ListLocationsRequest,
  ): Promise<sessions.ListLocationsResponse> {
    const { offset, limit } = request;
    if (offset < 0 || limit < 0 || limit > MAX_LIMIT) {
      throw invalid('SESSIONS_PAGE', `offset starts at 0, limit is 1 to ${MAX_LIMIT}.`, { offset, limit });
    }
    const { items, total } = await this.database.read(tenantScope(tenant), (tx) =>
      this.listing.list(tx, tenant, {
        offset,
        limit: limit || 100,
        from: request.dateFrom,
        to: request.dateTo,
        locationId: request.locationId,
        publishedOnly: request.publishedOnly,
        raisedAt: request.raisedAt,
      }),
    );
    const locations = items.map(({ location, stations }) => ({
      ...locationMessage(location, stations),
      lastUpdated: location.lastUpdated,
    }));
    const fit = () => fitting(locations, (one) => sessions.Location.encode(one).finish().length);
    return { locations: request.fitting ? fit() : locations, total };
  }
}
