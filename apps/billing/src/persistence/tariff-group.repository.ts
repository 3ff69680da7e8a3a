import { gatheredRead, pgArray, type SortKey, type Tx } from '@kilowatch/platform';
import type { GroupAssignment, MemberKind } from '../domain/tariff-group.js';

export interface GroupMember {
  readonly kind: MemberKind;
  readonly ref: string;
}

export interface GroupMemberRecord extends GroupMember {
  readonly addedAt: Date;
}

export interface TariffGroupRecord {
  readonly id: string;
  readonly name: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly memberCount: number;
}

const COLUMNS = `g.id, g.name, g.created_by as "createdBy", g.created_at as "createdAt", (select count(*)::int from tariff_group_member m
  where m.tenant = g.tenant and m.group_id = g.id) as "memberCount"`;

export async function saveGroup(
  tx: Tx,
  tenant: string,
  group: Pick<TariffGroupRecord, 'id' | 'name' | 'createdBy' | 'createdAt'>,
): Promise<void> {
  await tx.query(
    `insert into tariff_group (tenant, id, name, created_by, created_at) values ($1, $2, $3, $4, $5)
      on conflict on constraint tariff_group_pk do update set name = excluded.name`,
    [tenant, group.id, group.name, group.createdBy, group.createdAt],
  );
}

export async function findGroup(tx: Tx, tenant: string, id: string): Promise<TariffGroupRecord | undefined> {
  const rows = await tx.query<TariffGroupRecord>(
    `select ${COLUMNS} from tariff_group g where g.tenant = $1 and g.id = $2`,
    [tenant, id],
  );
  return rows[0];
}

export async function findGroupByName(tx: Tx, tenant: string, name: string): Promise<string | undefined> {
  const rows = await tx.query<{ id: string }>('select id from tariff_group where tenant = $1 and name = $2', [
    tenant,
    name,
  ]);
  return rows[0]?.id;
}

export async function listGroups(
  tx: Tx,
  tenant: string,
  page: { limit: number; after: SortKey | undefined },
): Promise<TariffGroupRecord[]> {
  return tx.query<TariffGroupRecord>(
    `select ${COLUMNS} from tariff_group g where g.tenant = $1 and ($2::text is null or g.name > $2) order by g.name limit $3`,
    [tenant, page.after?.[0] ?? null, page.limit],
  );
}

/** Drivers, locations, stations: by kind, then by id. */
export async function listMembers(
  tx: Tx,
  tenant: string,
  groupId: string,
  page: { limit: number; after: SortKey | undefined },
): Promise<GroupMemberRecord[]> {
  return tx.query<GroupMemberRecord>(
    `select kind, ref, added_at as "addedAt" from tariff_group_member where tenant = $1 and group_id = $2
      and ($3::text is null or (kind, ref) > ($3, $4)) order by kind, ref limit $5`,
    [tenant, groupId, page.after?.[0] ?? null, page.after?.[1] ?? null, page.limit],
  );
}

export async function addMembers(
  tx: Tx,
  tenant: string,
  groupId: string,
  members: readonly GroupMember[],
  { by, at }: { readonly by: string; readonly at: Date },
): Promise<void> {
  await tx.query(
    `insert into tariff_group_member (tenant, group_id, kind, ref, added_by, added_at)
      select $1, $2, n.kind, n.ref, $5, $6 from unnest($3::text[], $4::text[]) as n (kind, ref)
      on conflict on constraint tariff_group_member_pk do nothing`,
    [
      tenant,
      groupId,
      pgArray.text(members.map(({ kind }) => kind)),
      pgArray.text(members.map(({ ref }) => ref)),
      by,
      at,
    ],
  );
}

/** Where its members are, another tariff may count from now on. */
export async function noteMembersChanged(tx: Tx, tenant: string, groupId: string, at: Date): Promise<void> {
  await tx.query(
    'update tariff_group set members_changed_at = greatest(members_changed_at, $3) where tenant = $1 and id = $2',
    [tenant, groupId, at],
  );
}

export async function removeMembers(
  tx: Tx,
  tenant: string,
  groupId: string,
  members: readonly GroupMember[],
): Promise<void> {
  await tx.query(
    `delete from tariff_group_member m using unnest($3::text[], $4::text[]) as n (kind, ref)
      where m.tenant = $1 and m.group_id = $2 and m.kind = n.kind and m.ref = n.ref`,
    [
      tenant,
      groupId,
      pgArray.text(members.map(({ kind }) => kind)),
      pgArray.text(members.map(({ ref }) => ref)),
    ],
  );
}

/** Assignments of other groups that share a member with this one. */
export async function rivalsOf(tx: Tx, tenant: string, groupId: string): Promise<GroupAssignment[]> {
  const rows = await tx.query<{
    tariff_id: string;
    name: string;
    valid_from: Date;
    valid_until: Date | null;
  }>(
    `select distinct a.tariff_id, g.name, a.valid_from, a.valid_until from tariff_group_member m
      join tariff_group_member o on o.tenant = m.tenant and o.kind = m.kind and o.ref = m.ref and o.group_id <> m.group_id
      join tariff_group g on g.tenant = o.tenant and g.id = o.group_id
      join tariff_assignment a on a.tenant = o.tenant and a.scope = 'GROUP' and a.ref = o.group_id::text
      where m.tenant = $1 and m.group_id = $2`,
    [tenant, groupId],
  );
  return rows.map((row) => ({
    tariffId: row.tariff_id,
    groupName: row.name,
    validFrom: row.valid_from,
    validUntil: row.valid_until ?? undefined,
  }));
}

const memberKey = ({ kind, ref }: GroupMember) => `${kind}|${ref}`;

/** The groups that something is in. */
export const groupsOf = gatheredRead<GroupMember, string[]>(memberKey, async (tx, tenant, members) => {
  const rows = await tx.query<{ kind: MemberKind; ref: string; groups: string[] }>(
    `select m.kind, m.ref, array_agg(m.group_id::text order by m.group_id) as groups
      from unnest($2::text[], $3::text[]) as q (kind, ref)
      join tariff_group_member m on m.tenant = $1 and m.kind = q.kind and m.ref = q.ref group by m.kind, m.ref`,
    [tenant, pgArray.text(members.map(({ kind }) => kind)), pgArray.text(members.map(({ ref }) => ref))],
  );
  return new Map(rows.map((row) => [memberKey(row), row.groups]));
});
