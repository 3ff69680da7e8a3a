import { Injectable } from '@nestjs/common';
import { auth, events } from '@kilowatch/contracts';
import { isUuid } from '@kilowatch/kernel';
import type { EventHandler, EventMeta, Received, Tx } from '@kilowatch/platform';
import { FollowTokens } from '../../../usecases/local-lists/follow-tokens.js';

const ACCEPTED = auth.DecisionStatus.DECISION_STATUS_ACCEPTED;

/** Auth's own: a token was made, blocked, let go, changed. */
@Injectable()
export class ListTokenChangedConsumer implements EventHandler<auth.TokenChanged> {
  readonly event = events.tokenChanged;

  constructor(private readonly follow: FollowTokens) {}

  handle(tx: Tx, payload: auth.TokenChanged, meta: EventMeta): Promise<void> {
    return this.handleTogether(tx, [{ payload, meta }]);
  }

  /** Tokens are imported by hundreds: what they concern is looked for once. */
  handleTogether(tx: Tx, changes: readonly Received<auth.TokenChanged>[]): Promise<void> {
    const tokenIds = [...new Set(changes.map(({ payload }) => payload.tokenId))];
    return this.follow.changed(tx, changes[0]!.meta.tenant, tokenIds);
  }
}

/** Auth's own: somebody was switched off or on. */
@Injectable()
export class ListAccountChangedConsumer implements EventHandler<auth.AccountChanged> {
  readonly event = events.accountChanged;

  constructor(private readonly follow: FollowTokens) {}

  handle(tx: Tx, { accountId }: auth.AccountChanged, { tenant }: EventMeta): Promise<void> {
    return this.follow.accountChanged(tx, tenant, accountId);
  }
}

/** Auth's own: where tokens are used, and what stations may have in their caches. */
@Injectable()
export class ListDecisionsConsumer implements EventHandler<auth.DecisionsRecorded> {
  readonly event = events.decisionsRecorded;

  constructor(private readonly follow: FollowTokens) {}

  handle(tx: Tx, payload: auth.DecisionsRecorded, meta: EventMeta): Promise<void> {
    return this.handleTogether(tx, [{ payload, meta }]);
  }

  async handleTogether(tx: Tx, recorded: readonly Received<auth.DecisionsRecorded>[]): Promise<void> {
    const judged = recorded.flatMap(({ payload }) => payload.decisions.flatMap(judgedToken));
    if (judged.length > 0) await this.follow.judged(tx, recorded[0]!.meta.tenant, judged);
  }
}

/** Decisions of releases that told of each by itself, and not until when it may be believed. */
@Injectable()
export class ListDecidedConsumer implements EventHandler<auth.AuthorizationDecided> {
  readonly event = events.authorizationDecided;

  constructor(private readonly follow: FollowTokens) {}

  handle(tx: Tx, payload: auth.AuthorizationDecided, meta: EventMeta): Promise<void> {
    return this.handleTogether(tx, [{ payload, meta }]);
  }

  async handleTogether(tx: Tx, decided: readonly Received<auth.AuthorizationDecided>[]): Promise<void> {
    const judged = decided.flatMap(({ payload, meta }) =>
      judgedToken({ ...payload, decidedAt: meta.occurredAt }),
    );
    if (judged.length > 0) await this.follow.judged(tx, decided[0]!.meta.tenant, judged);
  }
}

function judgedToken({ tokenId, stationId, status, decidedAt, cacheExpiry }: auth.AuthorizationDecided) {
  if (!isUuid(tokenId) || !isUuid(stationId) || !decidedAt) return [];
  return { tokenId, stationId, accepted: status === ACCEPTED, at: decidedAt, cacheExpiry };
}
