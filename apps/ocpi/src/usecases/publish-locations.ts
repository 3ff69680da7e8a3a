import { Inject, Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import { notFound, tenantId } from '@kilowatch/kernel';
import { locationObject, type OcpiConnector, type OcpiEvse, type OcpiLocation } from '../domain/location.js';
import type { Page } from '../domain/page.js';
import type { Partner } from '../domain/partner.js';
import { BILLING, SESSIONS, type BillingClient, type SessionsClient } from '../peers.js';
import { OwnParty } from './own-party.js';

/** Locations as a partner may see them: those not published only for the operator's own eMSP (docs/ocpi-notes.md L4, L6). */
@Injectable()
export class PublishLocations {
  constructor(
    private readonly own: OwnParty,
    @Inject(SESSIONS) private readonly sessions: SessionsClient,
    @Inject(BILLING) private readonly billing: BillingClient,
  ) {}

  async list(partner: Partner, page: Page): Promise<{ objects: OcpiLocation[]; total: number }> {
    const { offset, limit, from: dateFrom, to: dateTo } = page;
    const { locations, total } = await this.told(partner, {
      ...{ offset, limit, dateFrom, dateTo },
      locationId: '',
    });
    return { objects: locations, total };
  }

  /** NOT_FOUND for whatever is unknown or not to be seen. */
  async location(partner: Partner, locationId: string): Promise<OcpiLocation> {
    const { locations } = await this.told(partner, {
      offset: 0,
      limit: 1,
      dateFrom: undefined,
      dateTo: undefined,
      // Ids of sessions are lower case; a partner may write them as it likes.
      locationId: locationId.toLowerCase(),
    });
    const found = locations.find(({ id }) => sameText(id, locationId));
    if (!found) throw notFound('OCPI_LOCATION', 'There is no such location.');
    return found;
  }

  async evse(partner: Partner, locationId: string, evseUid: string): Promise<OcpiEvse> {
    const { evses } = await this.location(partner, locationId);
    const found = evses.find((evse) => sameText(evse.uid, evseUid));
    if (!found) throw notFound('OCPI_EVSE', 'There is no such EVSE.');
    return found;
  }

  async connector(partner: Partner, locationId: string, evseUid: string, id: string): Promise<OcpiConnector> {
    const { connectors } = await this.evse(partner, locationId, evseUid);
    const found = connectors.find((connector) => sameText(connector.id, id));
    if (!found) throw notFound('OCPI_CONNECTOR', 'There is no such connector.');
    return found;
  }

  private async told(
    partner: Partner,
    wanted: Pick<sessions.ListLocationsRequest, 'offset' | 'limit' | 'dateFrom' | 'dateTo' | 'locationId'>,
  ): Promise<{ locations: OcpiLocation[]; total: number }> {
    const options = { tenant: tenantId(partner.tenant), idempotent: true };
    const { changedAt } = await this.billing.placeTariffs({ places: [] }, options);
    const request = { ...wanted, publishedOnly: !partner.seesOwnFleet, raisedAt: changedAt, fitting: true };
    const { locations, total } = await this.sessions.listLocations(request, options);
    // Asked for already; a second look, because what is told to a partner cannot be taken back.
    const visible = locations.filter((location) => location.published || partner.seesOwnFleet);
    const byStation = await this.tariffsAt(visible, options);
    return {
      locations: visible.map((found) => locationObject(found, this.own.party, { byStation, changedAt })),
      total,
    };
  }

  /** Id of the tariff at each station; empty: there is none. */
  private async tariffsAt(
    locations: readonly sessions.Location[],
    options: Parameters<BillingClient['placeTariffs']>[1],
  ): Promise<Map<string, string>> {
    const places = locations.flatMap(({ locationId, stations }) =>
      stations.map(({ stationId }) => ({ stationId, locationId })),
    );
    if (places.length === 0) return new Map();
    const { tariffIds } = await this.billing.placeTariffs({ places }, options);
    return new Map(places.map(({ stationId }, i) => [stationId, tariffIds[i] ?? ''] as const));
  }
}

/** CiStrings compare without case (docs/ocpi-notes.md T13). */
function sameText(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
