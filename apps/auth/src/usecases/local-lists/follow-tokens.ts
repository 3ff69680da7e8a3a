import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, type DueWorkDefinition, type Tx } from '@kilowatch/platform';
import { markCaches, markExpired, markTokens } from '../../persistence/local-list-change.repository.js';
import { isUseAskedFor } from '../../persistence/local-list-policy.repository.js';
import { ensureLists } from '../../persistence/local-list.repository.js';
import { savePlaces, type JudgedToken } from '../../persistence/token-place.repository.js';
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

  /** Where tokens were used, and what stations may have in their caches since. */
  async judged(tx: Tx, tenant: string, judged: readonly JudgedToken[]): Promise<void> {
    const accepted = judged.filter((one) => one.accepted);
    await ensureLists(tx, tenant, [...new Set(accepted.map(({ stationId }) => stationId))].sort());
    const now = this.clock.now();
    const [asked, news] = await Promise.all([
      isUseAskedFor(tx, tenant),
      savePlaces(tx, tenant, judged, NEWS_MS),
    ]);
    if (asked) await markTokens(tx, tenant, news, now);
    if (accepted.length === 0) return;
    // Blocked in the moment between the decision and this: the station's cache has it all the same.
    const tokenIds = [...new Set(accepted.map(({ tokenId }) => tokenId))];
    const good = await chargeable(tx, tenant, tokenIds, now);
    await markCaches(tx, tenant, tokenIds.filter((id) => !good.has(id)), now); // prettier-ignore
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
