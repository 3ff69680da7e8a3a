import type { SortKey, Tx } from '@kilowatch/platform';
import type {
  ContractRequest,
  ContractRequestKind,
  ContractRequestState,
} from '../domain/contract-request.js';

interface Row {
  id: string;
  kind: ContractRequestKind;
  state: ContractRequestState;
  account_id: string;
  token_id: string | null;
  emaid: string;
  emaid_key: string;
  name: string;
  note: string;
  created_at: Date;
  decided_by: string;
  decided_at: Date | null;
  reason: string;
}

/** False: one of this account about this contract waits already. */
export async function insertRequest(tx: Tx, tenant: string, one: ContractRequest): Promise<boolean> {
  const rows = await tx.query(
    `insert into contract_request (tenant, id, kind, state, account_id, token_id, emaid, emaid_key, name, note, created_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      on conflict (tenant, account_id, emaid_key) where state = 'WAITING' do nothing returning id`,
    [
      tenant,
      one.id,
      one.kind,
      one.state,
      one.accountId,
      one.tokenId ?? null,
      one.emaid,
      one.emaidKey,
      one.name,
      one.note,
      one.createdAt,
    ],
  );
  return rows.length > 0;
}

export async function saveDecidedRequest(tx: Tx, tenant: string, one: ContractRequest): Promise<void> {
  await tx.query(
    `update contract_request set state = $3, token_id = $4, decided_by = $5, decided_at = $6, reason = $7
      where tenant = $1 and id = $2`,
    [tenant, one.id, one.state, one.tokenId ?? null, one.decidedBy, one.decidedAt ?? null, one.reason],
  );
}

export async function lockRequest(tx: Tx, tenant: string, id: string): Promise<ContractRequest | undefined> {
  const rows = await tx.query<Row>(
    'select * from contract_request where tenant = $1 and id = $2 for update',
    [tenant, id],
  );
  return rows[0] && toRequest(rows[0]);
}

/** Those of an account that wait. */
export async function waitingRequests(tx: Tx, tenant: string, accountId: string): Promise<ContractRequest[]> {
  const rows = await tx.query<Row>(
    `select * from contract_request where tenant = $1 and account_id = $2 and state = 'WAITING' order by id`,
    [tenant, accountId],
  );
  return rows.map(toRequest);
}

/** Latest first: ids are UUIDv7. */
export async function listRequests(
  tx: Tx,
  tenant: string,
  page: { limit: number; after: SortKey | undefined },
  filter: { accountId: string | undefined; state: ContractRequestState | undefined },
): Promise<ContractRequest[]> {
  const rows = await tx.query<Row>(
    `select * from contract_request where tenant = $1 and ($2::uuid is null or account_id = $2)
        and ($3::text is null or state = $3) and ($4::uuid is null or id < $4)
      order by id desc limit $5`,
    [tenant, filter.accountId ?? null, filter.state ?? null, page.after?.[0] ?? null, page.limit],
  );
  return rows.map(toRequest);
}

export interface ContractProof {
  readonly at: Date;
  /** Empty when the station is not known any more. */
  readonly stationIdentity: string;
  readonly locationName: string;
}

/** Of each request to add a contract: where a car last showed its certificate, and it was good, since it was asked for. By request. */
export async function proofsOf(
  tx: Tx,
  tenant: string,
  requestIds: readonly string[],
): Promise<Map<string, ContractProof>> {
  const rows = await tx.query<{
    id: string;
    verified_at: Date;
    identity: string | null;
    location: string | null;
  }>(
    `select r.id, v.verified_at, s.identity, l.name as location
      from contract_request r
        cross join lateral (select station_id, verified_at from verified_contract v
          where v.tenant = $1 and v.emaid_key = r.emaid_key and v.verified_at >= r.created_at
          order by v.verified_at desc limit 1) v
        left join known_station s on s.tenant = $1 and s.station_id = v.station_id
        left join known_location l on l.tenant = $1 and l.location_id = s.location_id
      where r.tenant = $1 and r.id = any ($2::uuid[]) and r.kind = 'ADD'`,
    [tenant, requestIds],
  );
  return new Map(
    rows.map((row) => [
      row.id,
      { at: row.verified_at, stationIdentity: row.identity ?? '', locationName: row.location ?? '' },
    ]),
  );
}

function toRequest(row: Row): ContractRequest {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    accountId: row.account_id,
    tokenId: row.token_id ?? undefined,
    emaid: row.emaid,
    emaidKey: row.emaid_key,
    name: row.name,
    note: row.note,
    createdAt: row.created_at,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at ?? undefined,
    reason: row.reason,
  };
}
