import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { versionOfSubprotocol } from '@kilowatch/ocpp';
import { CLOCK, Database, tenantScope } from '@kilowatch/platform';
import type { ListDialect } from '../../domain/local-list/list-entry.js';
import { limitQuery, limitsOf, type ListLimits } from '../../domain/local-list/list-limits.js';
import { updateLeased, type LocalList } from '../../persistence/local-list.repository.js';
import type { End } from './conversation-end.js';
import type { Leased, StationTalk } from './station-talk.js';

/** Limits follow the firmware: asked for again after a day. */
const GOOD_FOR_MS = 24 * 60 * 60_000;

type Learned = { readonly kind: 'KNOWN'; readonly limits: ListLimits } | Exclude<End, { kind: 'DONE' }>;

/** What a station's list and cache can do, from what it said lately, else by asking. */
@Injectable()
export class LearnLimits {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(
    { protocol, limits: known, limitsAt }: LocalList,
    leased: Leased,
    talk: StationTalk,
    { fresh }: { fresh: boolean },
  ): Promise<Learned> {
    const now = this.clock.now();
    if (!fresh && known && limitsAt && now.getTime() - limitsAt.getTime() < GOOD_FOR_MS)
      return { kind: 'KNOWN', limits: known };
    const dialect = dialectOf(protocol);
    const { action, payload } = limitQuery(dialect);
    const reply = await talk.ask(action, payload);
    if (reply.verdict === 'AWAY' || reply.verdict === 'LATER') return { kind: reply.verdict };
    if (reply.verdict === 'UNKNOWN') return { kind: 'FAILED', reason: `LIMITS_UNKNOWN ${reply.word}` };
    // A station that does not say has no limits that we could keep.
    const limits = limitsOf(dialect, reply.payload);
    await this.database.transaction(tenantScope(leased.tenant), (tx) =>
      updateLeased(tx, leased, { limits: JSON.stringify(limits), limits_at: now }),
    );
    return { kind: 'KNOWN', limits };
  }
}

export function dialectOf(protocol: string): ListDialect {
  return versionOfSubprotocol(protocol) === '1.6' ? '1.6' : '2.x';
}
