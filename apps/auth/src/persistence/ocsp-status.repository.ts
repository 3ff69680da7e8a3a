import { gatheredRead, type Tx } from '@kilowatch/platform';
import type { CertificateId, RevocationReason } from '@kilowatch/trust';
import type { HeldStatus } from '../domain/revocation-status.js';

/** The hashes of an id with SHA-256: the one form in which answers are kept. */
export type StatusKey = Pick<CertificateId, 'issuerNameHash' | 'issuerKeyHash' | 'serialNumber'>;

export interface StoredStatus extends HeldStatus {
  readonly issuerDer: Uint8Array;
  /** What the certificate says. Empty when only hash data named it. */
  readonly ocspUrls: readonly string[];
  readonly crlUrls: readonly string[];
  readonly lastUsedAt: Date;
  /** When it is to be asked again, or forgotten if only hash data named it; undefined: never. */
  readonly dueAt: Date | undefined;
}

export interface DueStatus {
  readonly tenant: string;
  readonly key: StatusKey;
  readonly issuerDer: Uint8Array;
  readonly ocspUrls: readonly string[];
  readonly crlUrls: readonly string[];
  readonly lastUsedAt: Date;
}

interface Row {
  tenant: string;
  issuer_name_hash: string;
  issuer_key_hash: string;
  serial: string;
  status: HeldStatus['status'];
  revoked_at: Date | null;
  revocation_reason: RevocationReason | null;
  this_update: Date;
  next_update: Date | null;
  answered_at: Date;
  fresh_until: Date;
  response: Buffer | null;
  issuer_der: Buffer;
  ocsp_urls: string[];
  crl_urls: string[];
  last_used_at: Date;
}

/** Certificates that came whole name whom to ask; of the others no address is kept. */
const fromChain = (row: string) => `(cardinality(${row}.ocsp_urls) > 0 or cardinality(${row}.crl_urls) > 0)`;

export function isKnownFromChain({ ocspUrls, crlUrls }: Pick<StoredStatus, 'ocspUrls' | 'crlUrls'>): boolean {
  return ocspUrls.length > 0 || crlUrls.length > 0;
}

/** By `statusKeyText`. */
export async function findStatuses(
  tx: Tx,
  tenant: string,
  keys: readonly StatusKey[],
): Promise<ReadonlyMap<string, HeldStatus & { lastUsedAt: Date }>> {
  const held = await Promise.all(keys.map((key) => findStatus(tx, tenant, key)));
  return new Map(held.flatMap((one, index) => (one ? [[statusKeyText(keys[index]!), one]] : [])));
}

/** Contracts of one issuer share its certificates: those that are looked at in one moment are looked for once. */
const findStatus = gatheredRead<StatusKey, HeldStatus & { lastUsedAt: Date }>(
  (key) => statusKeyText(key),
  async (tx, tenant, keys) => {
    const rows = await tx.query<Row>(
      `select s.* from unnest($2::text[], $3::text[], $4::text[]) as q(name_hash, key_hash, serial)
        join ocsp_status s on s.tenant = $1 and s.issuer_key_hash = q.key_hash and s.issuer_name_hash = q.name_hash
          and s.serial = q.serial`,
      [tenant, ...columns(keys)],
    );
    return new Map(rows.map((row) => [statusKeyText(keyOf(row)), toHeld(row)]));
  },
);

/**
 * What was answered. A revocation that is for good stays whatever comes after it, and replaces what is newer: a list is older than the
 * last answer of a responder. Else an older answer does not replace a newer one, as answers without a nonce can be played again. What is
 * known of a certificate from its chain stays known.
 */
export async function saveStatus(tx: Tx, tenant: string, key: StatusKey, one: StoredStatus): Promise<void> {
  await tx.query(
    `insert into ocsp_status as held (tenant, issuer_name_hash, issuer_key_hash, serial, status, revoked_at,
        revocation_reason, this_update, next_update, answered_at, fresh_until, response, issuer_der, ocsp_urls, crl_urls,
        last_used_at, due_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
      on conflict on constraint ocsp_status_pk do update set status = excluded.status, revoked_at = excluded.revoked_at,
        revocation_reason = excluded.revocation_reason, this_update = excluded.this_update,
        next_update = excluded.next_update, answered_at = excluded.answered_at, fresh_until = excluded.fresh_until,
        response = excluded.response, issuer_der = excluded.issuer_der,
        ocsp_urls = case when ${fromChain('excluded')} then excluded.ocsp_urls else held.ocsp_urls end,
        crl_urls = case when ${fromChain('excluded')} then excluded.crl_urls else held.crl_urls end,
        last_used_at = greatest(held.last_used_at, excluded.last_used_at),
        due_at = case when excluded.due_at is null or ${fromChain('excluded')} or not ${fromChain('held')}
          then excluded.due_at else held.due_at end
      where (held.status <> 'REVOKED' or held.revocation_reason = 'CERTIFICATE_HOLD')
        and (excluded.this_update >= held.this_update
          or (excluded.status = 'REVOKED' and excluded.revocation_reason <> 'CERTIFICATE_HOLD'))`,
    [
      tenant,
      key.issuerNameHash,
      key.issuerKeyHash,
      key.serialNumber,
      one.status,
      one.revokedAt ?? null,
      one.revocationReason ?? null,
      one.thisUpdate,
      one.nextUpdate ?? null,
      one.answeredAt,
      one.freshUntil,
      one.response ? Buffer.from(one.response) : null,
      Buffer.from(one.issuerDer),
      one.ocspUrls,
      one.crlUrls,
      one.lastUsedAt,
      one.dueAt ?? null,
    ],
  );
}

/** Whether a company has room for one more answer about what only hash data named. */
export async function hasRoomForHashData(tx: Tx, tenant: string, most: number): Promise<boolean> {
  const [row] = await tx.query<{ count: string }>(
    `select count(*) as count from (
      select 1 from ocsp_status s where tenant = $1 and due_at is not null and not ${fromChain('s')} limit $2) as kept`,
    [tenant, most],
  );
  return Number(row!.count) < most;
}

/**
 * The responder does not know it (any more): what it said before counts for nothing, unless that was said later. Nothing is kept of
 * what was never good.
 */
export async function markUnknown(
  tx: Tx,
  tenant: string,
  key: StatusKey,
  at: Date,
  thisUpdate: Date,
): Promise<void> {
  await tx.query(
    `update ocsp_status set status = 'UNKNOWN', answered_at = $5, fresh_until = $5, response = null
      where tenant = $1 and issuer_name_hash = $2 and issuer_key_hash = $3 and serial = $4 and status = 'GOOD'
        and this_update <= $6`,
    [tenant, key.issuerNameHash, key.issuerKeyHash, key.serialNumber, at, thisUpdate],
  );
}

export async function touchStatuses(
  tx: Tx,
  tenant: string,
  keys: readonly StatusKey[],
  at: Date,
): Promise<void> {
  await tx.query(
    `update ocsp_status s set last_used_at = $5
      from unnest($2::text[], $3::text[], $4::text[]) as q(name_hash, key_hash, serial)
      where s.tenant = $1 and s.issuer_key_hash = q.key_hash and s.issuer_name_hash = q.name_hash and s.serial = q.serial
        and s.last_used_at < $5`,
    [tenant, ...columns(keys), at],
  );
}

/** How many are gone. */
export async function forgetStatuses(tx: Tx, tenant: string, includingRevoked: boolean): Promise<number> {
  const [row] = await tx.query<{ count: string }>(
    `with gone as (delete from ocsp_status where tenant = $1 and ($2 or status <> 'REVOKED') returning 1)
      select count(*) as count from gone`,
    [tenant, includingRevoked],
  );
  return Number(row!.count);
}

export async function takeDueStatuses(tx: Tx, now: Date, limit: number): Promise<DueStatus[]> {
  const rows = await tx.query<Row>(
    `select * from ocsp_status where due_at <= $1 order by due_at limit $2 for update skip locked`,
    [now, limit],
  );
  return rows.map((row) => ({
    tenant: row.tenant,
    key: keyOf(row),
    issuerDer: row.issuer_der,
    ocspUrls: row.ocsp_urls,
    crlUrls: row.crl_urls,
    lastUsedAt: row.last_used_at,
  }));
}

export async function putOff(tx: Tx, { tenant, key }: DueStatus, until: Date): Promise<void> {
  await tx.query(
    `update ocsp_status set due_at = $5
      where tenant = $1 and issuer_name_hash = $2 and issuer_key_hash = $3 and serial = $4`,
    [tenant, key.issuerNameHash, key.issuerKeyHash, key.serialNumber, until],
  );
}

export async function forgetStatus(tx: Tx, { tenant, key }: DueStatus): Promise<void> {
  await tx.query(
    `delete from ocsp_status where tenant = $1 and issuer_name_hash = $2 and issuer_key_hash = $3 and serial = $4`,
    [tenant, key.issuerNameHash, key.issuerKeyHash, key.serialNumber],
  );
}

export function statusKeyText({ issuerNameHash, issuerKeyHash, serialNumber }: StatusKey): string {
  return `${issuerNameHash}|${issuerKeyHash}|${serialNumber}`;
}

function columns(keys: readonly StatusKey[]): [string[], string[], string[]] {
  return [
    keys.map(({ issuerNameHash }) => issuerNameHash),
    keys.map(({ issuerKeyHash }) => issuerKeyHash),
    keys.map(({ serialNumber }) => serialNumber),
  ];
}

function keyOf(row: Row): StatusKey {
  return {
    issuerNameHash: row.issuer_name_hash,
    issuerKeyHash: row.issuer_key_hash,
    serialNumber: row.serial,
  };
}

function toHeld(row: Row): HeldStatus & { lastUsedAt: Date } {
  return {
    status: row.status,
    revokedAt: row.revoked_at ?? undefined,
    revocationReason: row.revocation_reason ?? undefined,
    thisUpdate: row.this_update,
    answeredAt: row.answered_at,
    freshUntil: row.fresh_until,
    nextUpdate: row.next_update ?? undefined,
    response: row.response ?? undefined,
    lastUsedAt: row.last_used_at,
  };
}
