import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope } from '@kilowatch/platform';
import { noteCacheCleared, updateLeased, type LocalList } from '../../persistence/local-list.repository.js';
import type { End } from './conversation-end.js';
import type { LearnLimits } from './learn-limits.js';
import type { Leased, StationTalk } from './station-talk.js';

const FINE: End = { kind: 'DONE', state: 'IN_SYNC' };

/** Has a station forget the tokens it accepted lately, when one of them may no longer charge (C11, 1.6 section 5.4). */
@Injectable()
export class ClearCache {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(list: LocalList, leased: Leased, talk: StationTalk, learn: LearnLimits): Promise<End> {
    const { cacheDirtyAt, cacheClearedAt } = list;
    if (!cacheDirtyAt || (cacheClearedAt && cacheClearedAt >= cacheDirtyAt)) return FINE;
    const at = this.clock.now();
    const { verdict, word } = await talk.ask('ClearCache', {});
    switch (verdict) {
      case 'AWAY':
        return { kind: 'AWAY' };
      case 'LATER':
        return { kind: 'LATER' };
      case 'APPLIED':
      // It has no cache.
      case 'UNSUPPORTED':
        return this.cleared(leased, at);
      default: {
        // C11.FR.04: a station refuses when its cache is switched off.
        const limits = await learn.run(list, leased, talk, { fresh: true });
        if (limits.kind === 'KNOWN' && limits.limits.cache === 'OFF') return this.cleared(leased, at);
        const reason = `CACHE_NOT_CLEARED ${word}`;
        await this.write(leased, { cache_reason: reason });
        return { kind: 'FAILED', reason };
      }
    }
  }

  private async cleared(leased: Leased, at: Date): Promise<End> {
    await this.database.transaction(tenantScope(leased.tenant), (tx) =>
      noteCacheCleared(tx, leased.tenant, leased.stationId, at),
    );
    return FINE;
  }

  private async write(leased: Leased, change: Record<string, unknown>): Promise<void> {
    await this.database.transaction(tenantScope(leased.tenant), (tx) => updateLeased(tx, leased, change));
  }
}
