import { Inject, Injectable } from '@nestjs/common';
import { maskToken, tokenKey, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, Database, IDS, tenantScope, type Tx } from '@kilowatch/platform';
import {
  decide,
  POLICY_VERSION,
  type DecisionPurpose,
  type KnownToken,
  type OpenSession,
} from '../domain/decision.js';
import { nextUids } from '../domain/attempts/uid-order.js';
import { findDecision, insertDecision, type DecisionRow } from '../persistence/decision.repository.js';
import { knownToken } from '../persistence/token.repository.js';
import { announceDecision, type DecisionTraits } from './announce-decision.js';
import { KeyedHash } from './keyed-hash.js';

export interface PresentedToken {
  readonly value: string;
  readonly type: string;
  readonly stationId: string;
  readonly evseNumber: number;
  readonly purpose: DecisionPurpose;
  readonly at: Date | undefined;
  readonly offline: boolean;
  /** Empty = each call decides anew. */
  readonly decisionKey: string;
  readonly ocppMessageId: string;
  readonly openSessionIds: readonly string[];
}

/** Decides about a presented token and records the decision with its reason, in one transaction. */
@Injectable()
export class DecideToken {
  constructor(
    private readonly database: Database,
    private readonly hash: KeyedHash,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async run(tenant: string, presented: PresentedToken): Promise<DecisionRow> {
    const key = presented.decisionKey || this.ids.newId();
    return this.database.shared(tenantScope(tenant), key, async (tx) => {
      const { decision, traits } = await this.decided(tx, tenant, presented);
      if (!(await insertDecision(tx, tenant, decision))) {
        const stored = await findDecision(tx, tenant, presented.decisionKey);
        if (stored) return stored;
      }
      announceDecision(tx, decision, traits);
      return decision;
    });
  }

  private async decided(tx: Tx, tenant: string, presented: PresentedToken): Promise<Decided> {
    const now = this.clock.now();
    const at = presented.at ?? now;
    const key = tokenKey(presented.value);
    const known = await knownToken(tx, tenant, key);
    const token = known && { ...known, openSessions: merged(known.openSessions, presented.openSessionIds) };
    const decision = decide({
      token,
      tokenType: presented.type,
      purpose: presented.purpose,
      stationId: presented.stationId,
      evseNumber: presented.evseNumber,
      at,
    });
    const row: DecisionRow = {
      tenant,
      id: this.ids.newId(),
      decisionKey: presented.decisionKey,
      stationId: presented.stationId,
      evseNumber: presented.evseNumber,
      tokenId: token?.tokenId ?? '',
      accountId: token?.accountId ?? '',
      tokenMasked: maskToken(presented.value),
      tokenHash: this.hash.of(key),
      tokenType: presented.type,
      purpose: presented.purpose,
      status: decision.status,
      reason: decision.reason,
      groupId: decision.groupId,
      cacheExpiry: decision.cacheExpiry,
      policyVersion: POLICY_VERSION,
      offline: presented.offline,
      ocppMessageId: presented.ocppMessageId,
      occurredAt: at,
      decidedAt: now,
    };
    return { decision: row, traits: this.traits(row, key, token) };
  }

  /** An unknown card is what somebody who guesses shows: only then are its neighbours worth their hashes. */
  private traits({ status }: DecisionRow, key: string, token: KnownToken | undefined): DecisionTraits {
    const isConcurrent = status === 'CONCURRENT_TX';
    return {
      nextUidHashes: status === 'UNKNOWN' ? nextUids(key).map((next) => this.hash.of(next)) : [],
      openStationIds: isConcurrent ? (token?.openSessions ?? []).flatMap((open) => open.stationId || []) : [],
      tokenShared: token?.allowConcurrent ?? false,
      certificateStatus: '',
      certificateSerial: '',
    };
  }
}

interface Decided {
  readonly decision: DecisionRow;
  readonly traits: DecisionTraits;
}

/** Our projection may lag behind sessions, and may still hold what sessions knows to be over: sessions names the open ones. */
function merged(projected: readonly OpenSession[], named: readonly string[]): readonly OpenSession[] {
  const known = new Set(projected.map((open) => open.sessionId));
  const unseen = named.filter((sessionId) => !known.has(sessionId));
  return [...projected, ...unseen.map((sessionId) => ({ sessionId, stationId: '', evseNumber: 0 }))];
}
