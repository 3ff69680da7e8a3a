import { Injectable } from '@nestjs/common';
import { auth, events } from '@kilowatch/contracts';
import { isUuid } from '@kilowatch/kernel';
import type { EventHandler, EventMeta, Received, Tx } from '@kilowatch/platform';
import { FollowTokens } from '../../../usecases/local-lists/follow-tokens.js';

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
export class ListDecidedConsumer implements EventHandler<auth.AuthorizationDecided> {
  readonly event = events.authorizationDecided;

  constructor(private readonly follow: FollowTokens) {}

  async handle(tx: Tx, decided: auth.AuthorizationDecided, { tenant, occurredAt }: EventMeta): Promise<void> {
    const { decisionId, tokenId, stationId, status } = decided;
    if (!isUuid(tokenId) || !isUuid(stationId) || !occurredAt) return;
    const accepted = status === auth.DecisionStatus.DECISION_STATUS_ACCEPTED;
    await this.follow.judged(tx, tenant, { decisionId, tokenId, stationId, accepted, at: occurredAt });
  }
}
