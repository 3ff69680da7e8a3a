import { Inject, Injectable } from '@nestjs/common';
import { notFound, tenantId, type TenantId } from '@kilowatch/kernel';
import { locationObject, type OcpiConnector, type OcpiEvse, type OcpiLocation } from '../domain/location.js';
import type { Page } from '../domain/page.js';
import type { Partner } from '../domain/partner.js';
import { BILLING, SESSIONS, type BillingClient, type SessionsClient } from '../peers.js';
import { OwnParty } from './own-party.js';

const MOST_TARIFFS = 100;

/** Locations as a partner may see them: those not published only for the operator's own eMSP (docs/ocpi-notes.md L4, L6). */
@Injectable()
export class PublishLocations {
  constructor(
    private readonly own: OwnParty,
    @Inject(SESSIONS) private readonly sessions: SessionsClient,
    @Inject(BILLING) private readonly billing: BillingClient,
  ) {}

  async list(partner: Partner, page: Page): Promise<{ objects: OcpiLocation[]; total: number }> {
    const tenant = tenantId(partner.tenant);
    const request = {
      offset: page.offset,
      limit: page.limit,
      dateFrom: page.from,
      dateTo: page.to,
      locationId: '',
      publishedOnly: !partner.seesOwnFleet,
    };
    const [answer, tariffIds] = await Promise.all([
      this.sessions.listLocations(request, { tenant, idempotent: true }),
      this.tariffIds(tenant),
    ]);
    // Asked for already; a second look, because what is told to a partner cannot be taken back.
    const visible = answer.locations.filter((location) => location.published || partner.seesOwnFleet);
    return {
      objects: visible.map((location) => locationObject(location, this.own.party, tariffIds)),
      total: answer.total,
    };
  }

  /** NOT_FOUND for whatever is unknown or not to be seen. */
  async location(partner: Partner, locationId: string): Promise<OcpiLocation> {
    const tenant = tenantId(partner.tenant);
    const request = {
      offset: 0,
      limit: 1,
      dateFrom: undefined,
      dateTo: undefined,
      // Ids of sessions are lower case; a partner may write them as it likes.
      locationId: locationId.toLowerCase(),
      publishedOnly: !partner.seesOwnFleet,
    };
    const { locations } = await this.sessions.listLocations(request, { tenant, idempotent: true });
    const found = locations.find((location) => sameText(location.locationId, locationId));
    if (!found || !(found.published || partner.seesOwnFleet))
      throw notFound('OCPI_LOCATION', 'There is no such location.');
    return locationObject(found, this.own.party, await this.tariffIds(tenant));
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

  /** The tariff sessions are priced by when no other is agreed. */
  private async tariffIds(tenant: TenantId): Promise<string[]> {
    const request = { offset: 0, limit: MOST_TARIFFS, dateFrom: undefined, dateTo: undefined };
    const { tariffs } = await this.billing.listTariffs(request, { tenant, idempotent: true });
    return tariffs.filter((tariff) => tariff.isDefault).map((tariff) => tariff.tariffId);
  }
}

/** CiStrings compare without case (docs/ocpi-notes.md T13). */
function sameText(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
