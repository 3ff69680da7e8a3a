import { gathered, pgArray, type SortKey, type Tx } from '@kilowatch/platform';
import type { CertificateStatus } from '../domain/contract-verdict.js';
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
  readonly evseNumbers: readonly number[];
  readonly language: string;
  /** Empty: no certificate was shown or asked for. */
  readonly certificateStatus: CertificateStatus | '';
  readonly weak: boolean;
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
  evse_numbers: number[];
  language: string;
  certificate_status: CertificateStatus | '';
  weak: boolean;
  policy_version: string;
  offline: boolean;
  ocpp_message_id: string;
  occurred_at: Date;
  decided_at: Date;
}

/** Not true when a decision with this key is stored already. */
export const insertDecision = gathered<DecisionRow, boolean>(
  ({ decisionKey, id }) => decisionKey || id,
  async (tx, tenant, decisions) => {
    const rows = await tx.query<{ id: string; decision_key: string | null }>(
      `insert into authorization_decision (tenant, id, decision_key, station_id, evse_number, token_id, account_id,
          token_masked, token_hash, token_type, purpose, status, reason, group_id, cache_expiry, policy_version, offline,
          ocpp_message_id, occurred_at, decided_at, certificate_status, language, weak, evse_numbers)
        select $1, d.c2, d.c3, d.c4, d.c5, d.c6, d.c7, d.c8, d.c9, d.c10, d.c11, d.c12, d.c13, d.c14, d.c15, d.c16, d.c17,
          d.c18, d.c19, d.c20, d.c21, d.c22, d.c23, d.c24::int[] from unnest($2::uuid[], $3::text[], $4::uuid[], $5::int[], $6::uuid[], $7::uuid[], $8::text[],
          $9::bytea[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::timestamptz[], $16::text[],
          $17::bool[], $18::text[], $19::timestamptz[], $20::timestamptz[], $21::text[], $22::text[], $23::bool[], $24::text[])
          as d(c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21, c22, c23, c24)
        on conflict on constraint authorization_decision_key do nothing returning id, decision_key`,
      [
        tenant,
        pgArray.uuid(decisions.map(({ id }) => id)),
        pgArray.text(decisions.map(({ decisionKey }) => decisionKey || null)),
        pgArray.uuid(decisions.map(({ stationId }) => stationId)),
        pgArray.int4(decisions.map(({ evseNumber }) => evseNumber)),
        pgArray.uuid(decisions.map(({ tokenId }) => tokenId || null)),
        pgArray.uuid(decisions.map(({ accountId }) => accountId || null)),
        pgArray.text(decisions.map(({ tokenMasked }) => tokenMasked)),
        pgArray.bytea(decisions.map(({ tokenHash }) => tokenHash)),
        pgArray.text(decisions.map(({ tokenType }) => tokenType)),
        pgArray.text(decisions.map(({ purpose }) => purpose)),
        pgArray.text(decisions.map(({ status }) => status)),
        pgArray.text(decisions.map(({ reason }) => reason)),
        pgArray.text(decisions.map(({ groupId }) => groupId)),
        pgArray.timestamptz(decisions.map(({ cacheExpiry }) => cacheExpiry)),
        pgArray.text(decisions.map(({ policyVersion }) => policyVersion)),
        pgArray.bool(decisions.map(({ offline }) => offline)),
        pgArray.text(decisions.map(({ ocppMessageId }) => ocppMessageId)),
        pgArray.timestamptz(decisions.map(({ occurredAt }) => occurredAt)),
        pgArray.timestamptz(decisions.map(({ decidedAt }) => decidedAt)),
        pgArray.text(decisions.map(({ certificateStatus }) => certificateStatus)),
        pgArray.text(decisions.map(({ language }) => language)),
        pgArray.bool(decisions.map(({ weak }) => weak)),
        // A row's array within an array of rows: as its text.
        pgArray.text(decisions.map(({ evseNumbers }) => `{${evseNumbers.join(',')}}`)),
      ],
    );
    return new Map(rows.map(({ id, decision_key: key }) => [key ?? id, true]));
  },
);

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
    evseNumbers: row.evse_numbers,
    language: row.language,
    certificateStatus: row.certificate_status,
    weak: row.weak,
    policyVersion: row.policy_version,
    offline: row.offline,
    ocppMessageId: row.ocpp_message_id,
    occurredAt: row.occurred_at,
    decidedAt: row.decided_at,
  };
}
