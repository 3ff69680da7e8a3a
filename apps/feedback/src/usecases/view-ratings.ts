import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import {
  CLOCK,
  Database,
  mayOn,
  tenantScope,
  type Principal,
  type SortKey,
  type Tx,
} from '@kilowatch/platform';
import { averageOf } from '../domain/rating-aggregate.js';
import { canRate } from '../domain/rating.js';
import { findSessions } from '../persistence/known-session.repository.js';
import {
  findAggregates,
  listRatings,
  ratingsOfSessions,
  type Rating,
} from '../persistence/rating.repository.js';

/** Feedback's part of a session for one reader. */
export interface SessionFeedback {
  readonly rating: Rating | undefined;
  readonly canRate: boolean;
}

/** Drivers see the ratings of their own sessions, operators those of the tenant; averages are for everyone. */
@Injectable()
export class ViewRatings {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The sessions of `ids` that the person may see; the others are missing from the map. */
  sessions(principal: Principal, ids: readonly string[]): Promise<Map<string, SessionFeedback>> {
    return this.read(principal, async (tx) => {
      const found = await findSessions(tx, principal.tenant, ids);
      const visible = found.filter((session) => mayOn(principal, 'feedback:read', session));
      const ratings = await ratingsOfSessions(
        tx,
        principal.tenant,
        visible.map((session) => session.sessionId),
      );
      const now = this.clock.now();
      return new Map(
        visible.map((session) => {
          const rating = ratings.find((candidate) => candidate.sessionId === session.sessionId);
          const ratedAt = rating?.accountId === principal.accountId ? rating.createdAt : undefined;
          const may = canRate(session, principal.accountId, ratedAt, now);
          const isSeen = rating && mayOn(principal, 'feedback:read', rating);
          return [session.sessionId, { rating: isSeen ? rating : undefined, canRate: may }];
        }),
      );
    });
  }

  list(
    principal: Principal,
    page: { readonly limit: number; readonly after: SortKey | undefined },
    stationId: string | undefined,
  ): Promise<Rating[]> {
    return this.read(principal, (tx) => listRatings(tx, principal.tenant, page, stationId));
  }

  /** Average and count of the stations that have ratings. */
  summaries(
    principal: Principal,
    stationIds: readonly string[],
  ): Promise<Map<string, { average: number; count: number }>> {
    return this.read(principal, async (tx) => {
      const summaries = new Map<string, { average: number; count: number }>();
      for (const [id, aggregate] of await findAggregates(tx, principal.tenant, stationIds)) {
        const average = averageOf(aggregate);
        if (average !== undefined) summaries.set(id, { average, count: aggregate.count });
      }
      return summaries;
    });
  }

  private read<T>(principal: Principal, fn: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.read(tenantScope(principal.tenant), fn);
  }
}
