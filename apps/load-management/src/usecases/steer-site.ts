import { Inject, Injectable } from '@nestjs/common';
import { groupBy, type Clock } from '@kilowatch/kernel';
import { CLOCK, counter, gathered, sideBySide, type Tx } from '@kilowatch/platform';
import { isAboutToCharge, isCharging, isPlaced } from '../domain/demand.js';
import { assignNeeds, type HeldNeeds } from '../domain/needs-of-sessions.js';
import type { SessionLimit } from '../domain/session-limit.js';
import { launch, nextDue, replan, type ActiveSession, type Steering } from '../domain/steering.js';
import { startByOurClock } from '../domain/transaction-start.js';
import { bindNeeds, carsOfSite, dropNeeds } from '../persistence/car-needs.repository.js';
import { activeSessions, type ManagedSession } from '../persistence/managed-session.repository.js';
import { deleteLimits, limitsOfSite, saveLimits } from '../persistence/session-limit.repository.js';
import { keepDue, lockSite, type Site } from '../persistence/site.repository.js';
import { STEERING } from './steering-settings.js';

/** A command to send once its flight is committed. */
export interface Departure {
  readonly session: ManagedSession;
  readonly limit: SessionLimit;
}

export interface SteerOptions {
  /** A change to the stored limits before planning (an outcome heard). */
  readonly change?: (limit: SessionLimit) => SessionLimit;
  /** Starts flights; otherwise the site is left due at once and the job starts them. */
  readonly launch?: boolean;
}

export interface SessionChange {
  readonly sessionId: string;
  readonly locationId: string;
  /** What it means for the limit the session has. */
  readonly change?: (limit: SessionLimit) => SessionLimit;
}

/**
 * Plans a site anew under its lock and stores every wish with it, in the caller's transaction: a start, a change of
 * state, an end, a limit, an outcome. Cheap enough to be done each time.
 */
@Injectable()
export class SteerSite {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(STEERING) private readonly steering: Steering,
  ) {}

  /** Sessions that change side by side are planned for once, with the changes of all. */
  readonly afterSession = gathered<SessionChange>(
    ({ sessionId }) => sessionId,
    async (tx, tenant, changes) => {
      const sites = [...groupBy(changes, ({ locationId }) => locationId)];
      await sideBySide(
        sites,
        ([locationId]) => locationId,
        async ([locationId, ofSite]) => {
          const change = (limit: SessionLimit) =>
            ofSite.find(({ sessionId }) => sessionId === limit.sessionId)?.change?.(limit) ?? limit;
          await this.run(tx, tenant, locationId, { change });
        },
      );
    },
  );

  async run(tx: Tx, tenant: string, locationId: string, options: SteerOptions = {}): Promise<Departure[]> {
    const site = await lockSite(tx, tenant, locationId);
    if (!site) return [];
    const stored = await limitsOfSite(tx, tenant, locationId);
    if (site.limitDa === null && stored.length === 0 && !site.hasCars) {
      await keepDue(tx, site, undefined);
      return [];
    }
    const now = this.clock.now();
    const sessions = await activeSessions(tx, tenant, locationId);
    const cars = site.hasCars ? await this.carsAt(tx, site, sessions, now) : NO_CARS;
    const claims = sessions.filter(isPlaced).map((session) => toClaim(session, cars.get(session.sessionId)));
    const changed = options.change ? stored.map(options.change) : stored;
    const planned = replan(site.limitDa, claims, changed, now, this.steering);
    counter('kw_load_plans_total').inc({ outcome: site.limitDa === null ? 'lifted' : 'planned' });
    const started = options.launch ? launch(site.limitDa, claims, planned, now, this.steering) : undefined;
    const limits = started?.limits ?? planned;

    await this.store(tx, tenant, locationId, stored, limits);
    await keepDue(tx, site, nextDue(site.limitDa, limits, now, this.steering));
    return limits.flatMap((limit) => {
      const session = sessions.find((each) => each.sessionId === limit.sessionId);
      return session && started?.launched.has(limit.sessionId) ? [{ session, limit }] : [];
    });
  }

  /** What the cars of these sessions need. Needs that waited for one of them are its own from now on, those of nobody go. */
  private async carsAt(
    tx: Tx,
    { tenant, locationId }: Site,
    sessions: readonly ManagedSession[],
    now: Date,
  ): Promise<ReadonlyMap<string, HeldNeeds>> {
    const there = sessions.map((session) => ({ ...session, startedAt: startByOurClock(session, now) }));
    const assigned = assignNeeds(await carsOfSite(tx, tenant, locationId), there, now);
    for (const each of assigned.found) {
      await bindNeeds(tx, tenant, each, each.sessionId);
      tx.live('session', each.sessionId);
    }
    for (const each of assigned.stale) await dropNeeds(tx, tenant, each);
    return assigned.bySession;
  }

  private async store(
    tx: Tx,
    tenant: string,
    locationId: string,
    before: readonly SessionLimit[],
    after: readonly SessionLimit[],
  ): Promise<void> {
    const was = new Map(before.map((limit) => [limit.sessionId, limit]));
    const changed = after.filter((limit) => was.get(limit.sessionId) !== limit);
    await saveLimits(tx, tenant, locationId, changed);
    for (const limit of changed) {
      const old = was.get(limit.sessionId);
      if (old?.wantedDa !== limit.wantedDa || old.state !== limit.state) tx.live('session', limit.sessionId);
    }
    const kept = new Set(after.map((limit) => limit.sessionId));
    await deleteLimits(tx, tenant, [...was.keys()].filter((sessionId) => !kept.has(sessionId))); // prettier-ignore
  }
}

const NO_CARS: ReadonlyMap<string, HeldNeeds> = new Map();

function toClaim(session: ManagedSession, car: HeldNeeds | undefined): ActiveSession {
  const needs = car?.needs;
  return {
    sessionId: session.sessionId,
    startedAt: session.startedAt,
    capDa: session.capDa,
    charging: isCharging(session.chargingState) || isAboutToCharge(session.chargingState, Boolean(needs)),
    clockOffsetMs: session.clockOffsetMs,
    ...(car && needs ? { car: { needs, no: car.no, connectorPhases: session.phases } } : {}),
  };
}
