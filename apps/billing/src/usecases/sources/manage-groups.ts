import { Inject, Injectable } from '@nestjs/common';
import { conflict, invalid, isUuid, notFound, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, Database, IDS, tenantScope, type Principal, type SortKey } from '@kilowatch/platform';
import { checkRivals, groupName, MEMBER_KINDS } from '../../domain/tariff-group.js';
import { assignmentsOf } from '../../persistence/tariff-assignment.repository.js';
import {
  addMembers,
  findGroup,
  findGroupByName,
  listGroups,
  listMembers,
  noteMembersChanged,
  removeMembers,
  rivalsOf,
  saveGroup,
  type GroupMember,
  type GroupMemberRecord,
  type TariffGroupRecord,
} from '../../persistence/tariff-group.repository.js';
import { lockTariffs } from '../../persistence/tariff.repository.js';

export type { GroupMemberRecord, TariffGroupRecord };

interface MemberInput {
  readonly kind: string;
  readonly ref: string;
}

export interface GroupInput {
  /** Undefined: a new group. */
  readonly id?: string | null;
  readonly name: string;
  readonly add?: readonly MemberInput[] | null;
  readonly remove?: readonly MemberInput[] | null;
}

const MOST_MEMBERS = 1_000;

/** Named groups that tariffs are assigned to. Who is in one counts for sessions that begin from then on. */
@Injectable()
export class ManageGroups {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  list(
    { tenant }: Principal,
    page: { limit: number; after: SortKey | undefined },
  ): Promise<TariffGroupRecord[]> {
    return this.database.read(tenantScope(tenant), (tx) => listGroups(tx, tenant, page));
  }

  /** Who and what is in it. NOT_FOUND. */
  async members(
    { tenant }: Principal,
    groupId: string,
    page: { limit: number; after: SortKey | undefined },
  ): Promise<GroupMemberRecord[]> {
    return this.database.read(tenantScope(tenant), async (tx) => {
      const group = isUuid(groupId) ? await findGroup(tx, tenant, groupId) : undefined;
      if (!group) throw notFound('BILLING_GROUP', 'There is no such group.');
      return listMembers(tx, tenant, groupId, page);
    });
  }

  /** NOT_FOUND, INVALID, CONFLICT for a name that is taken and for a member that would be under two tariffs at once. */
  async set({ tenant, accountId }: Principal, input: GroupInput): Promise<TariffGroupRecord> {
    const name = groupName(input.name);
    const [add, remove] = [membersOf(input.add), membersOf(input.remove)];
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      lockTariffs(tx, tenant);
      const held = input.id != null && isUuid(input.id) ? await findGroup(tx, tenant, input.id) : undefined;
      if (input.id != null && !held) throw notFound('BILLING_GROUP', 'There is no such group.');
      const id = held?.id ?? this.ids.newId();
      const named = await findGroupByName(tx, tenant, name);
      if (named !== undefined && named !== id)
        throw conflict('BILLING_GROUP_NAME_TAKEN', 'Another group has this name.');
      const at = this.clock.now();
      await saveGroup(tx, tenant, { id, name, createdBy: accountId, createdAt: at });
      if (remove.length > 0) await removeMembers(tx, tenant, id, remove);
      if (add.length > 0) {
        await addMembers(tx, tenant, id, add, { by: accountId, at });
        const own = (await assignmentsOf(tx, tenant, { scope: 'GROUP', ref: id })) ?? [];
        checkRivals(own, await rivalsOf(tx, tenant, id));
      }
      if (add.length + remove.length > 0) await noteMembersChanged(tx, tenant, id, at);
      const group = (await findGroup(tx, tenant, id))!;
      if (group.memberCount > MOST_MEMBERS)
        throw invalid('BILLING_GROUP_SIZE', `A group has at most ${MOST_MEMBERS} members.`);
      return group;
    });
  }
}

function membersOf(given: readonly MemberInput[] | null | undefined): GroupMember[] {
  return (given ?? []).map(({ kind, ref }) => {
    const known = MEMBER_KINDS.find((one) => one === kind);
    if (!known || !isUuid(ref))
      throw invalid('BILLING_GROUP_MEMBER', 'A member is the id of a driver, a station or a location.');
    return { kind: known, ref };
  });
}
