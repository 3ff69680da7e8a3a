import { Inject, Injectable } from '@nestjs/common';
import { groupBy, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, counter, IDS, oneAtATime, type Tx } from '@kilowatch/platform';
import type { AttemptEvent } from '../domain/attempts/attempt-event.js';
import { keptMs, quietMsOf } from '../domain/attempts/attempt-readings.js';
import type { AttemptPolicy } from '../domain/attempts/attempt-rules.js';
import { hasNews, judged, nameOf, watchedIn, type Watched } from '../domain/attempts/attempt-watch.js';
import { incidentsAfter, type IncidentChange } from '../domain/attempts/incident.js';
import type { AttemptHistory } from '../domain/attempts/attempt-history.js';
import { findHistories, saveHistories } from '../persistence/attempt-history.repository.js';
import { findPolicy } from '../persistence/attempt-policy.repository.js';
import { findIncidentsOf, saveIncident } from '../persistence/incident.repository.js';
import { ActOnIncident } from './act-on-incident.js';
import { announceIncident } from './announce-incident.js';

const HOUR_MS = 3_600_000;

/** Two that judged one tenant's attempts at a time would each open an incident. */
export function attemptsLock(tenant: string): string {
  return `attempts|${tenant}`;
}

/**
 * The attempt monitor: takes in what happened and opens, grows and closes incidents. Off the road of decisions: it is fed by events,
 * and told twice or late it comes to the same.
 */
@Injectable()
export class MonitorAttempts {
  constructor(
    private readonly actions: ActOnIncident,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  run(tx: Tx, tenant: string, events: readonly AttemptEvent[]): Promise<void> {
    // Handlers of one transaction may work side by side.
    return oneAtATime(tx, attemptsLock(tenant), () => this.takeIn(tx, tenant, events));
  }

  private async takeIn(tx: Tx, tenant: string, events: readonly AttemptEvent[]): Promise<void> {
    if (events.length === 0) return;
    tx.lock(attemptsLock(tenant));
    const { policy } = await findPolicy(tx, tenant);
    const watched = watchedIn(events, policy);
    if (watched.length === 0) return;
    const histories = await findHistories(tx, tenant, watched);
    const news = watched.filter((one) => hasNews(histories.get(nameOf(one)), one, policy));
    if (news.length === 0) return;
    const results = news.map((one) => ({ one, ...judged(histories.get(nameOf(one)), one, policy) }));
    await this.settle(tx, tenant, results, policy);
    await saveHistories(
      tx,
      tenant,
      results.map(({ one, history }) => ({
        rule: one.rule,
        key: one.key,
        history,
        keptUntil: this.keptUntil(policy, one),
      })),
    );
    const late = results.reduce((sum, result) => sum + result.late, 0);
    if (late > 0) tx.afterCommit(() => counter('kw_auth_attempts_late_total').inc(late));
  }

  private async settle(
    tx: Tx,
    tenant: string,
    results: readonly (ReturnType<typeof judged> & {
      readonly one: Watched;
      readonly history: AttemptHistory;
    })[],
    policy: AttemptPolicy,
  ): Promise<void> {
    const now = this.clock.now();
    const keys = results.map(({ one, settledBefore, episodes }) => ({
      rule: one.rule,
      key: one.key,
      since: Math.min(settledBefore, ...episodes.map(({ firstSeen }) => firstSeen)),
    }));
    const held = groupBy(await findIncidentsOf(tx, tenant, keys), nameOf);
    for (const { one, ...added } of results) {
      const { rule, key } = one;
      const circumstances = {
        rule,
        key,
        quietMs: quietMsOf(policy, rule),
        now,
        newId: () => this.ids.newId(),
      };
      const changes = incidentsAfter(held.get(nameOf(one)) ?? [], added, circumstances);
      for (const change of changes) await this.keep(tx, tenant, change, policy, now);
    }
  }

  private async keep(
    tx: Tx,
    tenant: string,
    change: IncidentChange,
    policy: AttemptPolicy,
    now: Date,
  ): Promise<void> {
    await saveIncident(tx, tenant, change.after);
    await this.actions.run(tx, tenant, change, policy, now);
    announceIncident(tx, tenant, change, now);
  }

  private keptUntil(policy: AttemptPolicy, { rule, signals }: Watched): Date {
    const newest = Math.max(this.clock.now().getTime(), ...signals.map(({ at }) => at));
    // By whole hours: a row whose indexed columns stay as they are is cheaper to change.
    return new Date(Math.ceil((newest + keptMs(policy, rule)) / HOUR_MS) * HOUR_MS);
  }
}
