import { auth, events } from '@kilowatch/contracts';
import type { Tx } from '@kilowatch/platform';
import type { DecisionRow } from '../persistence/decision.repository.js';

/** What the attempt monitor must know of a decision beyond its row. Hashes are keyed: nothing leads back to the token. */
export interface DecisionTraits {
  readonly nextUidHashes: readonly Uint8Array[];
  readonly randomUid: boolean;
  readonly openStationIds: readonly string[];
  readonly tokenShared: boolean;
  /** Hex; empty when no certificate was shown. */
  readonly certificateSerial: string;
  readonly contractUnverified: boolean;
  readonly remoteStart: boolean;
}

/** As many as can matter: a token with more open sessions is no clearer. */
const MOST_STATIONS = 8;

export function announceDecision(tx: Tx, decision: DecisionRow, traits: DecisionTraits): void {
  tx.publish(events.authorizationDecided, {
    aggregateId: decision.id,
    aggregateVersion: 1,
    occurredAt: decision.decidedAt,
    payload: {
      decisionId: decision.id,
      stationId: decision.stationId,
      evseNumber: decision.evseNumber,
      tokenId: decision.tokenId,
      tokenMasked: decision.tokenMasked,
      purpose: auth.DecisionPurpose[`DECISION_PURPOSE_${decision.purpose}`],
      status: auth.DecisionStatus[`DECISION_STATUS_${decision.status}`],
      reason: decision.reason,
      offline: decision.offline,
      tokenHash: decision.tokenHash,
      tokenType: decision.tokenType,
      presentedAt: decision.occurredAt,
      nextUidHashes: traits.nextUidHashes.map((hash) => Buffer.from(hash)),
      randomUid: traits.randomUid,
      openStationIds: traits.openStationIds.slice(0, MOST_STATIONS),
      tokenShared: traits.tokenShared,
      certificateStatus: decision.certificateStatus,
      certificateSerial: traits.certificateSerial,
      weak: decision.weak,
      contractUnverified: traits.contractUnverified,
      ocppMessageId: decision.ocppMessageId,
      remoteStart: traits.remoteStart,
    },
  });
}
