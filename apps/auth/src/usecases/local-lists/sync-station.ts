import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, counter, Database, LOGGER, tenantScope, type Logger } from '@kilowatch/platform';
import { ALARM_AFTER } from '../../domain/local-list/list-verdict.js';
import { endLease, findList, updateLeased, type LocalList } from '../../persistence/local-list.repository.js';
import { StationCommands } from '../station-commands.js';
import { ClearCache } from './clear-cache.js';
import { closingOf, type End } from './conversation-end.js';
import { LearnLimits } from './learn-limits.js';
import { SendList } from './send-list.js';
import { StationTalk, type Leased } from './station-talk.js';

/** One conversation with one station: its cache first, which is one message and may concern a blocked token, then its list. */
@Injectable()
export class SyncStation {
  constructor(
    private readonly database: Database,
    private readonly commands: StationCommands,
    private readonly cache: ClearCache,
    private readonly learn: LearnLimits,
    private readonly list: SendList,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async run(leased: Leased): Promise<void> {
    const { tenant, stationId, lease } = leased;
    const list = await this.database.read(tenantScope(tenant), (tx) => findList(tx, tenant, stationId));
    if (list?.lease !== lease) return;
    const talk = new StationTalk(this.commands, leased);
    const cache = await this.cache.run(list, leased, talk, this.learn);
    const reached = cache.kind !== 'AWAY' && cache.kind !== 'LATER';
    const end = reached ? await this.list.run(list, leased, talk) : cache;
    await this.close(list, leased, end, cache);
  }

  private async close(list: LocalList, leased: Leased, end: End, cache: End): Promise<void> {
    const { tenant, stationId } = leased;
    const now = this.clock.now();
    const { state, reason, attempts, dueAt } = closingOf(end, cache, list.attempts, now);
    const isInStep = state === 'IN_SYNC';
    await this.database.transaction(tenantScope(tenant), async (tx) => {
      const isOurs = await updateLeased(tx, leased, {
        state,
        reason,
        attempts,
        // What was looked at and not settled is found by comparing everything.
        replan: !isInStep,
        check_version: !isInStep,
        ...(isInStep ? { synced_at: now } : {}),
      });
      if (isOurs) await endLease(tx, list, { now, dueAt });
      tx.live('station', stationId);
    });
    counter('kw_auth_local_lists_total').inc({ outcome: state.toLowerCase() });
    if (attempts !== ALARM_AFTER || attempts === list.attempts) return;
    const why = end.kind === 'FAILED' ? end.reason : cache.kind === 'FAILED' ? cache.reason : '';
    counter('kw_auth_local_lists_failed_total').inc({ part: end.kind === 'FAILED' ? 'list' : 'cache' });
    this.log.warn({ stationId, reason: why, attempts }, 'local list or cache of a station keeps failing');
  }
}
