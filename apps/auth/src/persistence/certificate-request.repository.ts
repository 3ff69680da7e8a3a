import type { Tx } from '@kilowatch/platform';
import type { CertificateType } from '../domain/station-certificate.js';

/** PENDING: to be signed. SIGNED: to be told. DONE: the station took it. REFUSED: by us. FAILED: nobody will try again. */
export type RequestState = 'PENDING' | 'SIGNED' | 'DONE' | 'REFUSED' | 'FAILED';

export interface CertificateRequest {
  readonly tenant: string;
  readonly id: string;
  readonly stationId: string;
  readonly type: CertificateType;
  /** PEM. */
  readonly csr: string;
  readonly ocppRequestId: number | null;
  readonly state: RequestState;
  readonly certificateId: string | null;
  readonly attempts: number;
  readonly problem: string;
  readonly createdAt: Date;
}

interface Row {
  tenant: string;
  id: string;
  station_id: string;
  type: CertificateType;
  csr: string;
  ocpp_request_id: number | null;
  state: RequestState;
  certificate_id: string | null;
  attempts: number;
  problem: string;
  created_at: Date;
}

export interface NewRequest {
  readonly tenant: string;
  readonly id: string;
  readonly stationId: string;
  readonly type: CertificateType;
  readonly csr: string;
  readonly csrHash: Uint8Array;
  readonly ocppRequestId: number | null;
  readonly protocol: string;
  readonly requestedBy: string;
  readonly refusal: string | null;
}

/** Refused requests of one station that are kept for people to see. */
const KEPT_REFUSALS = 10;

/**
 * The same request again (A02.FR.17 ff.: a station repeats it when no certificate came) is due again at once: what was signed for
 * it is told again, under the request id that it has now.
 */
export async function storeRequest(tx: Tx, request: NewRequest, now: Date): Promise<void> {
  const refused = request.refusal !== null;
  if (refused) {
    await tx.query(
      `delete from certificate_request where tenant = $1 and station_id = $2 and id in (
        select id from certificate_request where tenant = $1 and station_id = $2 and state = 'REFUSED'
          order by id desc offset $3)`,
      [request.tenant, request.stationId, KEPT_REFUSALS - 1],
    );
  }
  await tx.query(
    `insert into certificate_request as held (tenant, id, station_id, type, csr, csr_hash, ocpp_request_id, protocol, state,
        due_at, problem, requested_by, created_at, updated_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)
      on conflict on constraint certificate_request_csr do update set
        ocpp_request_id = excluded.ocpp_request_id, updated_at = excluded.updated_at,
        state = case when excluded.state = 'REFUSED' then 'REFUSED'
          when held.certificate_id is null then 'PENDING' else 'SIGNED' end,
        problem = excluded.problem, attempts = 0, due_at = excluded.due_at, created_at = excluded.created_at`,
    [
      request.tenant,
      request.id,
      request.stationId,
      request.type,
      request.csr,
      request.csrHash,
      request.ocppRequestId,
      request.protocol,
      refused ? 'REFUSED' : 'PENDING',
      refused ? null : now,
      request.refusal ?? '',
      request.requestedBy,
      now,
    ],
  );
}

export async function takeRequests(tx: Tx, now: Date, limit: number): Promise<CertificateRequest[]> {
  const rows = await tx.query<Row>(
    'select * from certificate_request where due_at <= $1 order by due_at limit $2 for update skip locked',
    [now, limit],
  );
  return rows.map(toRequest);
}

/** `attempt` false: only put off. */
export async function leaseRequest(
  tx: Tx,
  { tenant, id }: Pick<CertificateRequest, 'tenant' | 'id'>,
  until: Date,
): Promise<void> {
  await tx.query(
    'update certificate_request set due_at = $3, attempts = attempts + 1 where tenant = $1 and id = $2',
    [tenant, id, until],
  );
}

export async function saveRequest(
  tx: Tx,
  { tenant, id }: Pick<CertificateRequest, 'tenant' | 'id'>,
  to: {
    readonly state: RequestState;
    readonly certificateId?: string | null;
    readonly dueAt: Date | null;
    readonly problem?: string;
  },
  now: Date,
): Promise<void> {
  await tx.query(
    `update certificate_request set state = $3, certificate_id = coalesce($4, certificate_id), due_at = $5, problem = $6,
        updated_at = $7 where tenant = $1 and id = $2`,
    [tenant, id, to.state, to.certificateId ?? null, to.dueAt, to.problem ?? '', now],
  );
}

/** The station is back: what waits for it need not wait longer. */
export async function hurryRequests(tx: Tx, tenant: string, stationId: string, now: Date): Promise<void> {
  await tx.query(
    `update certificate_request set due_at = $3 where tenant = $1 and station_id = $2 and due_at > $3
        and state in ('PENDING', 'SIGNED')`,
    [tenant, stationId, now],
  );
}

export async function latestRequests(
  tx: Tx,
  tenant: string,
  stationIds: readonly string[],
  most: number,
): Promise<CertificateRequest[]> {
  const rows = await tx.query<Row>(
    `select r.* from unnest($2::uuid[]) wanted (station_id), lateral (
        select * from certificate_request where tenant = $1 and station_id = wanted.station_id
        order by updated_at desc, id desc limit $3) r`,
    [tenant, stationIds, most],
  );
  return rows.map(toRequest);
}

function toRequest(row: Row): CertificateRequest {
  return {
    tenant: row.tenant,
    id: row.id,
    stationId: row.station_id,
    type: row.type,
    csr: row.csr,
    ocppRequestId: row.ocpp_request_id,
    state: row.state,
    certificateId: row.certificate_id,
    attempts: row.attempts,
    problem: row.problem,
    createdAt: row.created_at,
  };
}
