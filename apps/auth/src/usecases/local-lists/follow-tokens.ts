import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, type DueWorkDefinition, type Tx } from '@kilowatch/platform';
import { markCaches, markExpired, markTokens } from '../../persistence/local-list-change.repository.js';
import { ensureList } from '../../persistence/local-list.repository.js';
import { savePlace, type JudgedToken } from '../../persistence/token-place.repository.js';
import { chargeable, tokensOfAccount } from '../../persistence/wanted-token.repository.js';

/** A token that is used at a place every day is news there once a day. */
const NEWS_MS = 24 * 60 * 60_000;

/** What happens to tokens is carried to the lists and caches it concerns, found by index. */
@Injectable()
export class FollowTokens {
  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  async changed(tx: Tx, tenant: string, tokenIds: readonly string[]): Promise<void> {
    const now = this.clock.now();
    const good = await chargeable(tx, tenant, tokenIds, now);
    await markTokens(tx, tenant, tokenIds, now);
    await markCaches(
      tx,
      tenant,
      tokenIds.filter((id) => !good.has(id)),
      now,
    );
  }

  /** Who is switched off charges with none of their cards. */
  async accountChanged(tx: Tx, tenant: string, accountId: string): Promise<void> {
    await this.changed(tx, tenant, await tokensOfAccount(tx, tenant, accountId));
  }

  async judged(tx: Tx, tenant: string, judged: JudgedToken): Promise<void> {
    const { tokenId, stationId, accepted, at } = judged;
    if (accepted) await ensureList(tx, tenant, stationId);
    const isNews = await savePlace(tx, tenant, judged, new Date(at.getTime() - NEWS_MS));
    if (!accepted) return;
    const now = this.clock.now();
    if (isNews) await markTokens(tx, tenant, [tokenId], now);
    // Blocked in the moment between the decision and this: the station's cache has it all the same.
    if (!(await chargeable(tx, tenant, [tokenId], now)).has(tokenId))
      await markCaches(tx, tenant, [tokenId], now);
  }
}

/** Tokens end without an event. Stations that do not end their entries by themselves are told. */
@Injectable()
export class ExpireListEntries implements DueWorkDefinition<{ tenant: string }> {
  readonly name = 'expire-list-entries';
  readonly intervalMs = 10_000;
  readonly limit = 500;

  take(tx: Tx, now: Date, limit: number): Promise<{ tenant: string }[]> {
    return markExpired(tx, now, limit);
  }
}
