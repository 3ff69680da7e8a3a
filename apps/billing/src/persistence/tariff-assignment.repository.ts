import { gatheredRead, pgArray, type SortKey, type Tx } from '@kilowatch/platform';
import {
  asked,
  type AssignmentFacts,
  type AssignmentScope,
  type FactGroups,
  type TariffAssignment,
} from '../domain/tariff-assignment.js';

export interface AssignmentRecord extends TariffAssignment {
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly endedBy: string | undefined;
}

interface Row {
  id: string;
  tariff_id: string;
  scope: AssignmentScope;
  ref: string;
  valid_from: Date;
  valid_until: Date | null;
  created_by: string;
  created_at: Date;
  ended_by: string | null;
}

interface Named {
  readonly scope: AssignmentScope;
  readonly ref: string;
}

const nameOf = ({ scope, ref }: Named) => `${scope}|${ref}`;

/** All that could be about a session, of whatever time; most sessions have none. */
export async function assignmentsFor(
  tx: Tx,
  tenant: string,
  facts: AssignmentFacts,
  groups: FactGroups,
): Promise<AssignmentRecord[]> {
  const found = await Promise.all(asked(facts, groups).map((one) => assignmentsOf(tx, tenant, one)));
  return found.flatMap((rows) => rows ?? []);
}

/** Those of one token, driver, station or location. */
export const assignmentsOf = gatheredRead<Named, AssignmentRecord[]>(nameOf, async (tx, tenant, named) => {
  const rows = await tx.query<Row>(
    `select a.* from unnest($2::text[], $3::text[]) as q (scope, ref)
      join tariff_assignment a on a.tenant = $1 and a.scope = q.scope and a.ref = q.ref
      order by a.valid_from`,
    [tenant, pgArray.text(named.map(({ scope }) => scope)), pgArray.text(named.map(({ ref }) => ref))],
  );
  const found = new Map<string, AssignmentRecord[]>();
  for (const row of rows) {
    const name = nameOf(row);
    found.set(name, [...(found.get(name) ?? []), toAssignment(row)]);
  }
  return found;
});

/**
 * When the tariff of some place last changed, until `now`: an assignment to places began or ended, their groups or the default changed.
 * Undefined: the tenant has no tariff.
 */
export async function placesChangedAt(tx: Tx, tenant: string, now: Date): Promise<Date | undefined> {
  const ofPlaces = `tenant = $1 and scope in ('STATION', 'LOCATION', 'GROUP')`;
  const rows = await tx.query<{ at: Date | null }>(
    `select greatest(
        (select max(valid_from) from default_tariff where tenant = $1 and valid_from <= $2),
        (select max(greatest(valid_from, created_at, told_at)) from tariff_assignment where ${ofPlaces} and valid_from <= $2),
        (select max(valid_until) from tariff_assignment where ${ofPlaces} and valid_until <= $2),
        (select max(members_changed_at) from tariff_group where tenant = $1)) as at`,
    [tenant, now],
  );
  return rows[0]?.at ?? undefined;
}

export async function insertAssignment(tx: Tx, tenant: string, one: AssignmentRecord): Promise<void> {
  await tx.query(
    `insert into tariff_assignment (tenant, id, tariff_id, scope, ref, valid_from, valid_until, created_by, created_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      tenant,
      one.id,
      one.tariffId,
      one.scope,
      one.ref,
      one.validFrom,
      one.validUntil ?? null,
      one.createdBy,
      one.createdAt,
    ],
  );
}

export async function findAssignmentForUpdate(
  tx: Tx,
  tenant: string,
  id: string,
): Promise<AssignmentRecord | undefined> {
  const rows = await tx.query<Row>(
    'select * from tariff_assignment where tenant = $1 and id = $2 for update',
    [tenant, id],
  );
  return rows[0] && toAssignment(rows[0]);
}

export async function endAssignment(
  tx: Tx,
  tenant: string,
  end: { readonly id: string; readonly until: Date; readonly by: string },
): Promise<void> {
  await tx.query(
    'update tariff_assignment set valid_until = $3, ended_by = $4 where tenant = $1 and id = $2',
    [tenant, end.id, end.until, end.by],
  );
}

/** Latest made first; those that are over too. */
export async function listAssignments(
  tx: Tx,
  tenant: string,
  filter: {
    readonly scope: AssignmentScope | undefined;
    readonly ref: string | undefined;
    readonly tariffId: string | undefined;
  },
  page: { limit: number; after: SortKey | undefined },
): Promise<AssignmentRecord[]> {
  const rows = await tx.query<Row>(
    `select * from tariff_assignment where tenant = $1 and ($2::text is null or scope = $2) and ($3::text is null or ref = $3)
        and ($4::text is null or tariff_id = $4) and ($5::uuid is null or id < $5) order by id desc limit $6`,
    [
      tenant,
      filter.scope ?? null,
      filter.ref ?? null,
      filter.tariffId ?? null,
      page.after?.[0] ?? null,
      page.limit,
    ],
  );
  return rows.map(toAssignment);
}

function toAssignment(row: Row): AssignmentRecord {
  return {
    id: row.id,
    tariffId: row.tariff_id,
    scope: row.scope,
    ref: row.ref,
    validFrom: row.valid_from,
    validUntil: row.valid_until ?? undefined,
    createdBy: row.created_by,
    createdAt: row.created_at,
    endedBy: row.ended_by ?? undefined,
  };
}
