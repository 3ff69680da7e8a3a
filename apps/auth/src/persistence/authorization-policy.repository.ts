import { gatheredRead, type Tx } from '@kilowatch/platform';
import { policyOf, type AuthorizationPolicy, type PolicyChoices } from '../domain/authorization-policy.js';
import type { WaitingSession } from '../domain/decision.js';
import type { StationPlace } from '../domain/token-limits.js';

/** In place of a location: what counts for all of them. */
export const WHOLE_COMPANY = '00000000-0000-0000-0000-000000000000';

export interface StationRules {
  /** Undefined while sessions has told nothing of the station. */
  readonly place: StationPlace | undefined;
  readonly policy: AuthorizationPolicy;
  /** Of the company's and of the location's choices; 0 where nothing was chosen. */
  readonly policyVersion: string;
  /** Sessions of the station that go on with a refused token. */
  readonly waiting: readonly WaitingSession[];
}

export interface StoredChoices {
  readonly locationId: string;
  readonly choices: PolicyChoices;
  readonly version: number;
  readonly updatedBy: string;
  readonly updatedAt: Date;
}

interface RulesRow {
  station_id: string;
  location_id: string | null;
  time_zone: string | null;
  evses: StationPlace['evses'] | null;
  company: PolicyChoices | null;
  company_version: string | null;
  local: PolicyChoices | null;
  local_version: string | null;
  waiting: { evse_number: number; token_id: string | null; group_id: string | null; since: string }[] | null;
}

/** Where the station is and what is decided for it, in one round trip. */
export const stationRules = gatheredRead<string, StationRules>(
  (stationId) => stationId,
  async (tx, tenant, stationIds) => {
    const rows = await tx.query<RulesRow>(
      // `(select $2)`: how many stations are asked for stays hidden from the planner. Else a plan made anew for the one or two of a
      // round looks cheaper each time than the kept one for any number, and planning this costs ten times what running it does.
      `select q.station_id, s.location_id, l.time_zone, s.evses, c.choices as company, c.version as company_version,
          p.choices as local, p.version as local_version,
          (select json_agg(json_build_object('evse_number', r.evse_number, 'token_id', r.token_id, 'group_id', t.group_id,
              'since', r.since))
            from refused_session r left join token t on t.tenant = r.tenant and t.id = r.token_id
            where r.tenant = $1 and r.station_id = q.station_id and r.waits) as waiting
        from unnest((select $2::uuid[])) as q(station_id)
        left join known_station s on s.tenant = $1 and s.station_id = q.station_id
        left join known_location l on l.tenant = $1 and l.location_id = s.location_id
        left join authorization_policy c on c.tenant = $1 and c.location_id = $3
        left join authorization_policy p on p.tenant = $1 and p.location_id = s.location_id`,
      [tenant, stationIds, WHOLE_COMPANY],
    );
    return new Map(rows.map((row) => [row.station_id, toRules(row)]));
  },
);

export async function findChoices(
  tx: Tx,
  tenant: string,
  locationId: string,
): Promise<StoredChoices | undefined> {
  const rows = await tx.query<{
    choices: PolicyChoices;
    version: string;
    updated_by: string;
    updated_at: Date;
  }>('select * from authorization_policy where tenant = $1 and location_id = $2', [tenant, locationId]);
  const row = rows[0];
  return (
    row && {
      locationId,
      choices: row.choices,
      version: Number(row.version),
      updatedBy: row.updated_by,
      updatedAt: row.updated_at,
    }
  );
}

export async function saveChoices(tx: Tx, tenant: string, stored: StoredChoices): Promise<void> {
  await tx.query(
    `insert into authorization_policy (tenant, location_id, choices, version, updated_by, updated_at)
      values ($1, $2, $3, $4, $5, $6)
      on conflict on constraint authorization_policy_pk do update set choices = excluded.choices,
        version = excluded.version, updated_by = excluded.updated_by, updated_at = excluded.updated_at`,
    [
      tenant,
      stored.locationId,
      JSON.stringify(stored.choices),
      stored.version,
      stored.updatedBy,
      stored.updatedAt,
    ],
  );
}

export async function isKnownLocation(tx: Tx, tenant: string, locationId: string): Promise<boolean> {
  const rows = await tx.query('select 1 from known_location where tenant = $1 and location_id = $2', [
    tenant,
    locationId,
  ]);
  return rows.length > 0;
}

function toRules(row: RulesRow): StationRules {
  return {
    place:
      row.location_id === null
        ? undefined
        : { locationId: row.location_id, timeZone: row.time_zone ?? '', evses: row.evses ?? [] },
    policy: policyOf(row.company ?? {}, row.local ?? {}),
    policyVersion: `${row.company_version ?? 0}.${row.local_version ?? 0}`,
    waiting: (row.waiting ?? []).map((one) => ({
      evseNumber: one.evse_number,
      tokenId: one.token_id ?? '',
      groupId: one.group_id ?? '',
      since: new Date(one.since),
    })),
  };
}
