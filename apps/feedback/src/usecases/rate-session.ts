import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import type { Clock, IdSource } from '@kilowatch/kernel';
import { CLOCK, Database, IDS, tenantScope, type Principal, type Tx } from '@kilowatch/platform';
import { ratingDelta } from '../domain/rating-aggregate.js';
import { assertCanRate, checkedVerdict, type Verdict } from '../domain/rating.js';
import { lockSession } from '../persistence/known-session.repository.js';
import {
  addToStation,
  ratingsOfSessions,
  saveRating,
  type Rating,
} from '../persistence/rating.repository.js';

/** Rates one's own finished session, or replaces the rating. Saying the same again changes nothing. */
@Injectable()
export class RateSession {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  run(
    principal: Principal,
    sessionId: string,
    said: { score: number; reasons: readonly string[]; text: string | undefined },
  ): Promise<Rating> {
    const verdict = checkedVerdict(said.score, said.reasons, said.text);
    return this.database.transaction(tenantScope(principal.tenant), async (tx) => {
      const now = this.clock.now();
      const session = await lockSession(tx, principal.tenant, sessionId);
      const [held] = await ratingsOfSessions(tx, principal.tenant, [sessionId]);
      // Whose session it was taken to be may have said something before: that is not this driver's word.
      const own = held?.accountId === principal.accountId ? held : undefined;
      assertCanRate(session, principal.accountId, own?.createdAt, now);
      if (own && sameVerdict(own, verdict)) return own;
      const rating: Rating = {
        tenant: principal.tenant,
        id: held?.id ?? this.ids.newId(),
        sessionId,
        stationId: session.stationId,
        accountId: principal.accountId,
        ...verdict,
        version: (held?.version ?? 0) + 1,
        createdAt: own?.createdAt ?? now,
        updatedAt: now,
      };
      await this.save(tx, rating, held?.score);
      return rating;
    });
  }

  private async save(tx: Tx, rating: Rating, replacedScore: number | undefined): Promise<void> {
    await saveRating(tx, rating);
    await addToStation(tx, rating.tenant, rating.stationId, ratingDelta(rating.score, replacedScore));
    tx.publish(events.sessionRated, {
      aggregateId: rating.id,
      aggregateVersion: rating.version,
      occurredAt: rating.updatedAt,
      payload: {
        ratingId: rating.id,
        sessionId: rating.sessionId,
        stationId: rating.stationId,
        accountId: rating.accountId,
        score: rating.score,
        reasons: [...rating.reasons],
      },
    });
    tx.live('session', rating.sessionId);
  }
}

function sameVerdict(a: Verdict, b: Verdict): boolean {
  return a.score === b.score && a.text === b.text && a.reasons.join() === b.reasons.join();
}
