import { Inject, Injectable } from '@nestjs/common';
import {
  conflict,
  invalid,
  isUuid,
  notFound,
  precondition,
  type Clock,
  type IdSource,
} from '@kilowatch/kernel';
import { CLOCK, Database, IDS, tenantScope, type Principal, type SortKey } from '@kilowatch/platform';
import {
  endSubscription,
  findOverlapping,
  findSubscription,
  insertSubscription,
  listSubscriptions,
  lockSubscriptions,
  type SubscriptionRecord,
} from '../../persistence/subscription.repository.js';
import { planName } from './manage-sources.js';

export type { SubscriptionRecord };

/** Whoever sends "now" is a moment late when it arrives. */
const LEEWAY_MS = 60_000;

/**
 * Who pays the prices of a plan, from and until a moment: sessions that begin in that time are under the tariff that is a discount of this plan on
 * the one they would be under. One plan at a time for a person; never from the past.
 */
@Injectable()
export class ManageSubscriptions {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  list(
    { tenant }: Principal,
    accountId: string | undefined,
    page: { limit: number; after: SortKey | undefined },
  ): Promise<SubscriptionRecord[]> {
    return this.database.read(tenantScope(tenant), (tx) => listSubscriptions(tx, tenant, accountId, page));
  }

  /** INVALID, CONFLICT when another one holds at some moment of the time. */
  async add(
    { tenant, accountId: by }: Principal,
    input: { accountId: string; plan: string; validFrom?: Date | null; validUntil?: Date | null },
  ): Promise<SubscriptionRecord> {
    const now = this.clock.now();
    if (!isUuid(input.accountId)) throw invalid('BILLING_ACCOUNT', 'accountId is the id of an account.');
    const validFrom = input.validFrom ?? now;
    if (validFrom.getTime() < now.getTime() - LEEWAY_MS)
      throw invalid('BILLING_SUBSCRIPTION_PAST', 'A subscription cannot begin in the past.');
    const validUntil = input.validUntil ?? null;
    if (validUntil !== null && validUntil <= validFrom)
      throw invalid('BILLING_SUBSCRIPTION_TIMES', 'A subscription must end after it begins.');
    const { accountId } = input;
    const plan = planName(input.plan);
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      lockSubscriptions(tx, tenant, accountId);
      const other = await findOverlapping(tx, tenant, { accountId, validFrom, validUntil });
      if (other)
        throw conflict(
          'BILLING_SUBSCRIPTION_OVERLAP',
          `Plan ${other.plan} holds from ${other.validFrom.toISOString()}: end it first, or begin after it.`,
          { subscriptionId: other.id },
        );
      const record = {
        id: this.ids.newId(),
        accountId,
        plan,
        validFrom,
        validUntil,
        createdBy: by,
        createdAt: now,
      };
      await insertSubscription(tx, tenant, { ...record, endedBy: null });
      return { ...record, endedBy: null };
    });
  }

  /** Sessions that begin from then on pay the usual price. NOT_FOUND, PRECONDITION when it is over. */
  async end(
    { tenant, accountId: by }: Principal,
    { id, until }: { id: string; until?: Date | null },
  ): Promise<SubscriptionRecord> {
    const now = this.clock.now();
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const held = isUuid(id) ? await findSubscription(tx, tenant, id) : undefined;
      if (!held) throw notFound('BILLING_SUBSCRIPTION', 'There is no such subscription.');
      if (held.validUntil !== null && held.validUntil <= now)
        throw precondition('BILLING_SUBSCRIPTION_OVER', 'This subscription is over.');
      const wanted = until ?? now;
      if (
        wanted.getTime() < now.getTime() - LEEWAY_MS ||
        (held.validUntil !== null && wanted > held.validUntil)
      )
        throw invalid(
          'BILLING_SUBSCRIPTION_TIMES',
          'It ends at a moment from now on, and not later than it does.',
        );
      // One that has not begun ends where it would begin: it never counts.
      const end = wanted < held.validFrom ? held.validFrom : wanted;
      await endSubscription(tx, tenant, { id, until: end, by });
      return { ...held, validUntil: end, endedBy: by };
    });
  }
}
