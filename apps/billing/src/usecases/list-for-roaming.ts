import { Inject, Injectable } from '@nestjs/common';
import type { billing } from '@kilowatch/contracts';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope } from '@kilowatch/platform';
import { cdrsIssuedIn } from '../persistence/cdr.repository.js';
import { tariffsChangedIn } from '../persistence/tariff.repository.js';
import { cdrMessage } from './cdr-message.js';
import { tariffMessage } from './tariff-message.js';

const MOST = 1_000;

/** Tariffs and CDRs that last changed in a time, in the order they were made: pages stay put while others change and arrive. */
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
    return { tariffs: rows.map(tariffMessage), total };
  }

  async cdrs(tenant: string, request: billing.ListCdrsRequest): Promise<billing.ListCdrsResponse> {
    const { rows, total } = await this.database.read(tenantScope(tenant), (tx) =>
      cdrsIssuedIn(tx, tenant, rangeOf(request)),
    );
    return { cdrs: rows.map(cdrMessage), total };
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
