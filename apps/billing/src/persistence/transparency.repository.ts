import type { Tx } from '@kilowatch/platform';
import type { ChargingPlace } from '../domain/transparency.js';
import type { AssignmentScope } from '../domain/tariff-assignment.js';

export interface TariffPolicy {
  readonly refusesViolations: boolean;
}

export async function findTariffPolicy(tx: Tx, tenant: string): Promise<TariffPolicy> {
  const rows = await tx.query<{ refuses_violations: boolean }>(
    'select refuses_violations from tariff_policy where tenant = $1',
    [tenant],
  );
  return { refusesViolations: rows[0]?.refuses_violations ?? false };
}

export async function saveTariffPolicy(
  tx: Tx,
  tenant: string,
  { refusesViolations }: TariffPolicy,
  by: { readonly accountId: string; readonly at: Date },
): Promise<void> {
  await tx.query(
    `insert into tariff_policy (tenant, refuses_violations, changed_by, changed_at) values ($1, $2, $3, $4)
      on conflict on constraint tariff_policy_pk do update set refuses_violations = excluded.refuses_violations,
        changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
    [tenant, refusesViolations, by.accountId, by.at],
  );
}

const PLACES = `select coalesce(l.country, '') as country, max(c.max_power_w) as "maxPowerW" from connector_place c
  left join location_zone l on l.tenant = c.tenant and l.location_id = c.location_id`;

/** Where what is assigned to this may be charged: a driver, a token and who has the default go everywhere. One a country. */
export async function placesUnder(
  tx: Tx,
  tenant: string,
  { scope, ref }: { readonly scope: AssignmentScope | 'DEFAULT'; readonly ref: string },
): Promise<ChargingPlace[]> {
  const where: Readonly<Record<AssignmentScope | 'DEFAULT', string>> = {
    DEFAULT: '$2::text is not null',
    TOKEN: '$2::text is not null',
    DRIVER: '$2::text is not null',
    STATION: 'c.station_id = $2',
    LOCATION: 'c.location_id = $2',
    GROUP: `exists (select 1 from tariff_group_member m where m.tenant = $1 and m.group_id = $2::uuid and (m.kind = 'DRIVER'
      or (m.kind = 'STATION' and m.ref = c.station_id) or (m.kind = 'LOCATION' and m.ref = c.location_id)))`,
  };
  return tx.query<ChargingPlace>(`${PLACES} where c.tenant = $1 and ${where[scope]} group by 1`, [
    tenant,
    ref,
  ]);
}

/** Where a tariff is assigned or will be; each scope once. */
export async function scopesOfTariff(
  tx: Tx,
  tenant: string,
  tariffId: string,
  now: Date,
): Promise<{ readonly scope: AssignmentScope; readonly ref: string }[]> {
  return tx.query(
    `select distinct scope, ref from tariff_assignment where tenant = $1 and tariff_id = $2
      and (valid_until is null or valid_until > $3) order by scope, ref limit 200`,
    [tenant, tariffId, now],
  );
}
