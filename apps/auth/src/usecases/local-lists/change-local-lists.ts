import { Inject, Injectable } from '@nestjs/common';
import { invalid, notFound, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope, type Principal } from '@kilowatch/platform';
import { checkedPolicy, EVERYWHERE, USUAL_ENTRIES } from '../../domain/local-list/list-policy.js';
import { markTokens } from '../../persistence/local-list-change.repository.js';
import {
  isKnownLocation,
  removePolicy,
  savePolicy,
  type StoredPolicy,
} from '../../persistence/local-list-policy.repository.js';
import { replanStations } from '../../persistence/local-list.repository.js';
import { findTokens } from '../../persistence/token.repository.js';
import { flagOffline } from '../../persistence/wanted-token.repository.js';
import { actorOf, AuditLog } from '../audit-log.js';

export interface PolicyInput {
  readonly locationId?: string | null;
  readonly enabled?: boolean | null;
  readonly groups?: readonly string[] | null;
  readonly recentDays?: number | null;
  readonly mostEntries?: number | null;
  /** The location follows the tenant's again. */
  readonly remove?: boolean | null;
}

const MOST_FLAGGED = 500;

/** What operators wish of local lists. Stations are told by the job, a bounded number at a time. */
@Injectable()
export class ChangeLocalLists {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Undefined: removed. */
  async setPolicy(
    principal: Principal,
    input: PolicyInput,
    address?: string,
  ): Promise<{ policy: StoredPolicy | undefined; stations: number }> {
    const { tenant } = principal;
    const now = this.clock.now();
    const locationId = input.locationId ?? EVERYWHERE;
    const policy = input.remove ? undefined : this.policyOf(principal, input, locationId, now);
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      if (input.locationId && !(await isKnownLocation(tx, tenant, locationId)))
        throw notFound('AUTH_LOCATION', 'There is no such location.');
      if (policy) await savePolicy(tx, tenant, policy);
      else await removePolicy(tx, tenant, locationId);
      await this.audit.write(tx, {
        tenant,
        by: actorOf(principal, address),
        action: policy ? 'local_list_policy.set' : 'local_list_policy.removed',
        target: { kind: 'location', id: locationId },
        details: policy
          ? {
              enabled: policy.enabled,
              groups: policy.groups.join(', '),
              recentDays: policy.recentDays,
              mostEntries: policy.mostEntries,
            }
          : {},
      });
      const stations = await replanStations(tx, tenant, {
        now,
        ...(input.locationId ? { locationId: input.locationId } : {}),
      });
      return { policy, stations };
    });
  }

  /** A station is compared and, where needed, told at once; one that is away when it comes back. */
  async sync({ tenant }: Principal, stationId: string): Promise<void> {
    const now = this.clock.now();
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      const stations = await replanStations(tx, tenant, { stationId, now });
      if (stations === 0) throw notFound('AUTH_STATION', 'There is no such station.');
    });
  }

  /** Ids of the tokens whose flag changed. */
  async flag(
    principal: Principal,
    input: { tokenIds: readonly string[]; locationId?: string | null; offline: boolean },
    address?: string,
  ): Promise<string[]> {
    const { tenant, accountId: by } = principal;
    const tokenIds = [...new Set(input.tokenIds)];
    if (tokenIds.length === 0 || tokenIds.length > MOST_FLAGGED)
      throw invalid('AUTH_TOKENS_SIZE', `Name 1 to ${MOST_FLAGGED} tokens.`);
    const locationId = input.locationId ?? EVERYWHERE;
    const at = this.clock.now();
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      if ((await findTokens(tx, tenant, tokenIds)).length < tokenIds.length)
        throw notFound('AUTH_TOKEN', 'There is no such token.');
      if (input.locationId && !(await isKnownLocation(tx, tenant, locationId)))
        throw notFound('AUTH_LOCATION', 'There is no such location.');
      // Before, for those that lose it, and after, for those that get it: by index either way.
      await markTokens(tx, tenant, tokenIds, at);
      const changed = await flagOffline(tx, tenant, { tokenIds, locationId, by, at, offline: input.offline });
      await markTokens(tx, tenant, changed, at);
      for (const id of changed)
        await this.audit.write(tx, {
          tenant,
          by: actorOf(principal, address),
          action: input.offline ? 'token.flagged_offline' : 'token.unflagged_offline',
          target: { kind: 'token', id },
          details: { locationId: input.locationId ?? '' },
        });
      return changed;
    });
  }

  private policyOf(
    { accountId: changedBy }: Principal,
    input: PolicyInput,
    locationId: string,
    changedAt: Date,
  ): StoredPolicy {
    const policy = checkedPolicy({
      enabled: input.enabled ?? true,
      groups: input.groups ?? [],
      recentDays: input.recentDays ?? 0,
      mostEntries: input.mostEntries ?? USUAL_ENTRIES,
    });
    return { ...policy, locationId, changedBy, changedAt };
  }
}
