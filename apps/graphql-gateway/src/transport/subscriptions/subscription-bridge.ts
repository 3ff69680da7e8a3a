import { Injectable } from '@nestjs/common';
import { forbidden } from '@kilowatch/kernel';
import { gauge, may, mayAll } from '@kilowatch/platform';
import { subjectsOf } from '../../domain/subjects.js';
import type { Rewritten } from '../../domain/subscription-rewrite.js';
import { sameRightsKey, type Identity } from '../../federation/identity.js';
import { FederatedApi } from '../graphql/federated-api.js';
import { ExecutionSlots } from './execution-slots.js';
import { LiveFeed } from './live-feed.js';
import { ResultStream } from './result-stream.js';
import { SubscriptionGroup } from './subscription-group.js';

/** Executions for subscriptions at the same time, in this process. */
const EXECUTIONS = 16;
/** Alerts that wait for a slow reader; of figures only the latest matters. */
const ALERTS_KEPT = 50;

export interface Subscribed {
  readonly plan: Rewritten;
  readonly variables: Record<string, unknown>;
  /** Id of the watched object. */
  readonly objectId: string | undefined;
  readonly identity: Identity;
}

interface Entry {
  readonly group: SubscriptionGroup;
  readonly watches: Promise<(() => void)[]>;
}

/** Turns live messages (ids only) into results: shares executions between equal subscriptions. */
@Injectable()
export class SubscriptionBridge {
  private readonly groups = new Map<string, Entry>();
  private readonly slots = new ExecutionSlots(EXECUTIONS);

  constructor(
    private readonly api: FederatedApi,
    private readonly feed: LiveFeed,
  ) {}

  /** Different (selection, variables, rights) being watched. */
  get groupCount(): number {
    return this.groups.size;
  }

  /** Throws NOT_FOUND for an id that cannot exist and FORBIDDEN for who may not hear of it at all. */
  async subscribe(subscribed: Subscribed): Promise<ResultStream> {
    const { plan, variables, identity } = subscribed;
    const key = JSON.stringify([plan.query, sorted(variables), sameRightsKey(identity)]);
    const { group, watches } = this.groups.get(key) ?? this.newGroup(key, subscribed);
    const about = plan.bridge.about;
    const stream = new ResultStream(about === 'object' ? 1 : ALERTS_KEPT, () => {
      gauge('kw_graphql_subscriptions').dec();
      this.leave(key, group, stream);
    });
    group.join(stream, identity);
    gauge('kw_graphql_subscriptions').inc();
    // First listen, then look: a change in between is not missed.
    await watches;
    if (about === 'object') group.trigger(subscribed.objectId);
    return stream;
  }

  private newGroup(key: string, { plan, variables, objectId, identity }: Subscribed): Entry {
    const { principal } = identity;
    if (!principal) throw new Error('subscriptions need a principal');
    const { permission } = plan.bridge;
    if (permission && !may(principal, permission)) throw forbidden('AUTH_ROLE', 'You may not do this');
    const { accountId, tenant } = principal;
    const hearsOperators = permission !== undefined && mayAll(principal, permission);
    const listener = { accountId, tenant, hearsOperators };
    const subjects = subjectsOf(plan.bridge, listener, objectId);
    const group = new SubscriptionGroup(plan, variables, (query, values, as) =>
      this.slots.run(() => this.api.execute(query, values, as)),
    );
    const watches = Promise.all(subjects.map((subject) => this.feed.watch(subject, group.trigger)));
    const entry = { group, watches };
    this.groups.set(key, entry);
    return entry;
  }

  private leave(key: string, group: SubscriptionGroup, stream: ResultStream): void {
    group.leave(stream);
    const entry = this.groups.get(key);
    if (group.size > 0 || entry?.group !== group) return;
    this.groups.delete(key);
    void entry.watches.then((stops) => stops.forEach((stop) => stop()));
  }
}

/** Variables in one order, so that equal ones are equal as text. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  );
}
