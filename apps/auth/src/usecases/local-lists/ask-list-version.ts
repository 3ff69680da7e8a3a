import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { int32 } from '@kilowatch/ocpp';
import { CLOCK, Database, tenantScope } from '@kilowatch/platform';
import { standingOf } from '../../domain/local-list/list-verdict.js';
import { noteEmpty, noteNotApplied } from '../../persistence/local-list-entry.repository.js';
import { updateLeased, type LocalList } from '../../persistence/local-list.repository.js';
import type { End } from './conversation-end.js';
import { dialectOf } from './learn-limits.js';
import type { Leased, StationTalk } from './station-talk.js';

type Asked =
  | { readonly kind: 'KNOWN'; readonly list: LocalList }
  | { readonly kind: 'NO_LISTS' }
  | { readonly kind: 'END'; readonly end: End };

/**
 * GetLocalListVersion (D02): before a differential, after a connection, and after a message without an answer. A version that is
 * not the one we know is a list that we do not know; version 0 is one that was lost.
 */
@Injectable()
export class AskListVersion {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(list: LocalList, leased: Leased, talk: StationTalk): Promise<Asked> {
    const { verdict, payload, word } = await talk.ask('GetLocalListVersion', {});
    if (verdict === 'UNSUPPORTED') return { kind: 'NO_LISTS' };
    if (verdict === 'AWAY' || verdict === 'LATER') return { kind: 'END', end: { kind: verdict } };
    const reported = int32(payload, dialectOf(list.protocol) === '1.6' ? 'listVersion' : 'versionNumber');
    if (verdict !== 'APPLIED' || reported === null)
      return { kind: 'END', end: { kind: 'FAILED', reason: `VERSION_UNKNOWN ${word}` } };
    return this.judged(list, leased, reported);
  }

  private async judged(list: LocalList, leased: Leased, reported: number): Promise<Asked> {
    const standing = standingOf({ reported, known: list.version });
    if (standing === 'NO_LISTS') return { kind: 'NO_LISTS' };
    const isSettled = list.flightVersion === undefined;
    if (standing === 'SAME' && isSettled) return { kind: 'KNOWN', list };
    if (standing === 'EMPTY' && list.version === 0 && isSettled) return { kind: 'KNOWN', list };
    const version = { SAME: list.version, EMPTY: 0, OTHER: undefined }[standing];
    const sentVersion = Math.max(list.sentVersion, reported);
    await this.database.transaction(tenantScope(leased.tenant), async (tx) => {
      await updateLeased(tx, leased, {
        version: version ?? null,
        sent_version: sentVersion,
        flight_version: null,
      });
      if (standing === 'EMPTY') await noteEmpty(tx, leased, this.clock.now());
      // The old version: what was under way did not arrive.
      if (standing === 'SAME') await noteNotApplied(tx, leased);
    });
    return { kind: 'KNOWN', list: { ...list, version, sentVersion, flightVersion: undefined, replan: true } };
  }
}
