import { Inject, Injectable } from '@nestjs/common';
import type { billing, sessions } from '@kilowatch/contracts';
import { tenantId, type TenantId } from '@kilowatch/kernel';
import { Database, tenantScope } from '@kilowatch/platform';
import { cdrLocation, cdrObject, type CdrLocation } from '../domain/cdr.js';
import type { Page } from '../domain/page.js';
import type { Partner } from '../domain/partner.js';
import { BILLING, SESSIONS, type BillingClient, type SessionsClient } from '../peers.js';
import { findPlaces, keepPlaces } from '../persistence/cdr-place.repository.js';
import { OwnParty } from './own-party.js';

/**
 * CDRs of the partner's own tokens (S3; see PublishSessions). The place is frozen when a CDR is first told, so that the
 * CDR says the same for ever (docs/ocpi-notes.md R1), whatever becomes of the location.
 */
@Injectable()
export class PublishCdrs {
  constructor(
    private readonly own: OwnParty,
    private readonly database: Database,
    @Inject(SESSIONS) private readonly sessions: SessionsClient,
    @Inject(BILLING) private readonly billing: BillingClient,
  ) {}

  async list(partner: Partner, page: Page): Promise<{ objects: object[]; total: number }> {
    if (!partner.seesOwnFleet) return { objects: [], total: 0 };
    const tenant = tenantId(partner.tenant);
    const { offset, limit, from: dateFrom, to: dateTo } = page;
    const request = { offset, limit, dateFrom, dateTo, fitting: true };
    const { cdrs, total } = await this.billing.listCdrs(request, { tenant, idempotent: true });
    const places = await this.places(tenant, cdrs);
    return { objects: cdrs.map((cdr) => cdrObject(cdr, places.get(cdr.cdrId)!, this.own.party)), total };
  }

  private async places(tenant: TenantId, cdrs: readonly billing.Cdr[]): Promise<Map<string, CdrLocation>> {
    const scope = tenantScope(tenant);
    const ids = cdrs.flatMap((cdr) => (cdr.creditOf ? [cdr.cdrId, cdr.creditOf] : [cdr.cdrId]));
    const frozen = await this.database.read(scope, (tx) => findPlaces(tx, tenant, ids));
    const fresh = cdrs.filter((cdr) => !frozen.has(cdr.cdrId));
    if (fresh.length === 0) return frozen;
    const locations = await this.locations(tenant, [...new Set(fresh.map((cdr) => cdr.locationId))]);
    // R2: a credit copies all but the cost.
    const found = new Map(
      fresh.map((cdr) => [
        cdr.cdrId,
        frozen.get(cdr.creditOf) ?? cdrLocation(cdr, locations.get(cdr.locationId), this.own.party),
      ]),
    );
    const kept = await this.database.transaction(scope, (tx) => keepPlaces(tx, tenant, found));
    return new Map([...frozen, ...kept]);
  }

  private async locations(tenant: TenantId, ids: readonly string[]): Promise<Map<string, sessions.Location>> {
    const found = new Map<string, sessions.Location>();
    for (const locationId of ids) {
      // L6: a CDR of an unpublished location is told with its place.
      const request = {
        offset: 0,
        limit: 1,
        dateFrom: undefined,
        dateTo: undefined,
        locationId,
        publishedOnly: false,
        raisedAt: undefined,
        fitting: false,
      };
      const { locations } = await this.sessions.listLocations(request, { tenant, idempotent: true });
      if (locationId && locations[0]) found.set(locationId, locations[0]);
    }
    return found;
  }
}
