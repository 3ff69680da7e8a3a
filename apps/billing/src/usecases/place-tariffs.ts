import { Inject, Injectable } from '@nestjs/common';
import type { billing } from '@kilowatch/contracts';
import { invalid, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope } from '@kilowatch/platform';
import { placesChangedAt } from '../persistence/tariff-assignment.repository.js';
import { sessionTariff } from './session-tariff.js';

/** More than a page of locations has stations. */
const MOST = 20_000;

/** What partners are told to cost what: the tariff of a session that begins now, by its place alone. */
@Injectable()
export class PlaceTariffs {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(tenant: string, { places }: billing.PlaceTariffsRequest): Promise<billing.PlaceTariffsResponse> {
    if (places.length > MOST) throw invalid('BILLING_PLACES', `At most ${MOST} places at a time.`);
    const now = this.clock.now();
    return this.database.read(tenantScope(tenant), async (tx) => {
      const [changedAt, ...tariffIds] = await Promise.all([
        placesChangedAt(tx, tenant, now),
        ...places.map(async ({ stationId, locationId }) => {
          const facts = { TOKEN: undefined, DRIVER: undefined, STATION: stationId, LOCATION: locationId };
          return (await sessionTariff(tx, tenant, facts, now)) ?? '';
        }),
      ]);
      return { tariffIds, changedAt };
    });
  }
}
