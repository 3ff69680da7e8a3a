import { auth, events } from '@kilowatch/contracts';
import { gathered } from '@kilowatch/platform';
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

export interface AnnouncedDecision {
  readonly decision: DecisionRow;
  readonly traits: DecisionTraits;
}

/** One event for the decisions of a transaction: what each costs is carried, stored, stamped and noted as seen once. */
export const announceDecision = gathered(
  ({ decision }: AnnouncedDecision) => decision.id,
  async (tx, _tenant, announced) => {
    const { id, decidedAt } = announced[0]!.decision;
    tx.publish(events.decisionsRecorded, {
      aggregateId: id,
      aggregateVersion: 1,
      occurredAt: decidedAt,
      payload: { decisions: announced.map(toEvent) },
    });
  },
);

function toEvent({ decision, traits }: AnnouncedDecision): auth.AuthorizationDecided {
  return {
    meta: undefined,
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
    decidedAt: decision.decidedAt,
    cacheExpiry: decision.cacheExpiry,
  };
}
