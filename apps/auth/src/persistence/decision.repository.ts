import type { SortKey, Tx } from '@kilowatch/platform';
import type { DecisionPurpose, DecisionStatus } from '../domain/decision.js';

export interface DecisionRow {
  readonly tenant: string;
  readonly id: string;
  /** Empty = no idempotency. */
  readonly decisionKey: string;
  readonly stationId: string;
  readonly evseNumber: number;
  readonly tokenId: string;
  readonly accountId: string;
  readonly tokenMasked: string;
  readonly tokenHash: Buffer;
  readonly tokenType: string;
  readonly purpose: DecisionPurpose;
  readonly status: DecisionStatus;
  readonly reason: string;
  readonly groupId: string;
  readonly cacheExpiry: Date | undefined;
  readonly policyVersion: string;
  readonly offline: boolean;
  readonly ocppMessageId: string;
  readonly occurredAt: Date;
  readonly decidedAt: Date;
}

interface Row {
  tenant: string;
  id: string;
  decision_key: string | null;
  station_id: string;
  evse_number: number;
  token_id: string | null;
  account_id: string | null;
  token_masked: string;
  token_hash: Buffer;
  token_type: string;
  purpose: DecisionPurpose;
  status: DecisionStatus;
  reason: string;
  group_id: string;
  cache_expiry: Date | null;
  policy_version: string;
  offline: boolean;
  ocpp_message_id: string;
  occurred_at: Date;
  decided_at: Date;
}

/** False when a decision with this key is stored already. */
export async function insertDecision(tx: Tx, decision: DecisionRow): Promise<boolean> {
  const rows = await tx.query(
    `insert into authorization_decision (tenant, id, decision_key, station_id, evse_number, token_id, account_id,
        token_masked, token_hash, token_type, purpose, status, reason, group_id, cache_expiry, policy_version, offline,
        ocpp_message_id, occurred_at, decided_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
      on conflict on constraint authorization_decision_key do nothing returning 1`,
    [
      decision.tenant,
      decision.id,
      decision.decisionKey || null,
      decision.stationId,
      decision.evseNumber,
      decision.tokenId || null,
      decision.accountId || null,
      decision.tokenMasked,
      decision.tokenHash,
      decision.tokenType,
      decision.purpose,
      decision.status,
      decision.reason,
      decision.groupId,
      decision.cacheExpiry ?? null,
      decision.policyVersion,
      decision.offline,
      decision.ocppMessageId,
      decision.occurredAt,
      decision.decidedAt,
    ],
  );
  return rows.length > 0;
}

export async function findDecision(
  tx: Tx,
  tenant: string,
  decisionKey: string,
): Promise<DecisionRow | undefined> {
  const rows = await tx.query<Row>(
    'select * from authorization_decision where tenant = $1 and decision_key = $2',
    [tenant, decisionKey],
  );
  return rows[0] && toDecision(rows[0]);
}

/** Latest first: ids are UUIDv7. */
export async function listDecisions(
  tx: Tx,
  tenant: string,
  page: { limit: number; after: SortKey | undefined },
  stationId: string | undefined,
): Promise<DecisionRow[]> {
  const rows = await tx.query<Row>(
    `select * from authorization_decision
      where tenant = $1 and ($2::uuid is null or station_id = $2) and ($3::uuid is null or id < $3)
      order by id desc limit $4`,
    [tenant, stationId ?? null, page.after?.[0] ?? null, page.limit],
  );
  return rows.map(toDecision);
}

function toDecision(row: Row): DecisionRow {
  return {
    tenant: row.tenant,
    id: row.id,
    decisionKey: row.decision_key ?? '',
    stationId: row.station_id,
    evseNumber: row.evse_number,
    tokenId: row.token_id ?? '',
    accountId: row.account_id ?? '',
    tokenMasked: row.token_masked,
    tokenHash: row.token_hash,
    tokenType: row.token_type,
    purpose: row.purpose,
    status: row.status,
    reason: row.reason,
    groupId: row.group_id,
    cacheExpiry: row.cache_expiry ?? undefined,
    policyVersion: row.policy_version,
    offline: row.offline,
    ocppMessageId: row.ocpp_message_id,
    occurredAt: row.occurred_at,
    decidedAt: row.decided_at,
  };
}
