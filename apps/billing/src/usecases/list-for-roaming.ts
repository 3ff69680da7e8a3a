import { Inject, Injectable } from '@nestjs/common';
import { billing } from '@kilowatch/contracts';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, Database, fitting, tenantScope } from '@kilowatch/platform';
import { cdrsIssuedIn } from '../persistence/cdr.repository.js';
import { tariffsChangedIn } from '../persistence/tariff.repository.js';
import { cdrMessage } from './cdr-message.js';
import { tariffMessage } from './tariff-message.js';

const MOST = 1_000;

/**
 * Tariffs and CDRs that last changed in a time, in the order they were made: pages stay put while others change and arrive. A page is
 * shorter than asked for where one message has no room for it: a tariff by the quarter of an hour is long, and in each CDR.
 */
@Injectable()
export class ListForRoaming {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async tariffs(tenant: string, request: billing.ListTariffsRequest): Promise<billing.ListTariffsResponse> {
    const { rows, total } = await this.database.read(tenantScope(tenant), (tx) =>
      tariffsChangedIn(tx, tenant, { ...rangeOf(request), now: this.clock.now() }),
    );
    const tariffs = rows.map(tariffMessage);
    const fit = () => fitting(tariffs, (one) => billing.Tariff.encode(one).finish().length);
    return { tariffs: request.fitting ? fit() : tariffs, total };
  }

  async cdrs(tenant: string, request: billing.ListCdrsRequest): Promise<billing.ListCdrsResponse> {
    const { rows, total } = await this.database.read(tenantScope(tenant), (tx) =>
      cdrsIssuedIn(tx, tenant, rangeOf(request)),
    );
    const cdrs = rows.map(cdrMessage);
    const fit = () => fitting(cdrs, (one) => billing.Cdr.encode(one).finish().length);
    return { cdrs: request.fitting ? fit() : cdrs, total };
  }
}

/** No limit asked for: as many as there may be. */
function rangeOf({ offset, limit, dateFrom, dateTo }: billing.ListCdrsRequest) {
  return {
    from: dateFrom,
    to: dateTo,
    offset: Math.max(0, offset),
    limit: limit > 0 ? Math.min(limit, MOST) : MOST,
  };
}
