import { Injectable } from '@nestjs/common';
import type { TenantId } from '@kilowatch/kernel';
import { Database, tenantScope, type Principal } from '@kilowatch/platform';
import type { StationView } from '../persistence/place-view.js';
import { PlaceRepository } from '../persistence/place.repository.js';
import { stationUnknown } from '../persistence/situation.repository.js';

/** Who the service itself is in audits, for what it sends without being asked. */
export function ownPrincipal(tenant: TenantId): Principal {
  return { accountId: 'sessions', tenant, role: 'operator', scopes: [] };
}

/** A station of the operator's own tenant; a foreign one does not exist. */
@Injectable()
export class OperatedStation {
  constructor(
    private readonly database: Database,
    private readonly places: PlaceRepository,
  ) {}

  async one({ tenant }: Principal, stationId: string): Promise<StationView> {
    const [station] = await this.database.read(tenantScope(tenant), (tx) =>
      this.places.stations(tx, { tenant, publishedOnly: false }, [stationId]),
    );
    if (!station) throw stationUnknown(stationId);
    return station;
  }
}
