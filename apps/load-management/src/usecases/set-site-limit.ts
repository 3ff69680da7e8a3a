import { Inject, Injectable } from '@nestjs/common';
import { invalid, isUuid, notFound, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope, type Principal } from '@kilowatch/platform';
import { lockSite, setLimit, siteUses, type SiteUse } from '../persistence/site.repository.js';
import { SteerSite } from './steer-site.js';

const HIGHEST_LIMIT_A = 10_000;

/** Sets or lifts the current all sessions of a location share, and plans with it in the same transaction. */
@Injectable()
export class SetSiteLimit {
  constructor(
    private readonly database: Database,
    private readonly steer: SteerSite,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** `limitA`: A per phase, rounded down to a tenth; null lifts it. Undefined: there is no limit now. */
  async run(principal: Principal, locationId: string, limitA: number | null): Promise<SiteUse | undefined> {
    if (limitA !== null && !(limitA >= 0 && limitA <= HIGHEST_LIMIT_A)) {
      throw invalid('SITE_LIMIT', `A site's limit is 0 to ${HIGHEST_LIMIT_A} A per phase.`);
    }
    if (!isUuid(locationId)) throw notFound('LOCATION', 'There is no such location.');
    const { tenant } = principal;
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const site = await lockSite(tx, tenant, locationId);
      if (!site) throw notFound('LOCATION', 'There is no such location.');
      const limitDa = limitA === null ? null : deciampere(limitA);
      await setLimit(tx, site, limitDa, principal.accountId, this.clock.now());
      await this.steer.run(tx, tenant, locationId);
      const [use] = await siteUses(tx, tenant, [locationId]);
      return use;
    });
  }
}

/** 0.3 A is 3 dA although 0.3 * 10 may be a hair less. */
function deciampere(ampere: number): number {
  return Math.floor(ampere * 10 + 1e-6);
}
