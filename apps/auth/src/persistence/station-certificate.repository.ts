import type { SortKey, Tx } from '@kilowatch/platform';
import type { CertificateState, CertificateType, RevocationReason } from '../domain/station-certificate.js';

export interface StationCertificate {
  readonly tenant: string;
  readonly id: string;
  readonly stationId: string;
  readonly type: CertificateType;
  readonly state: CertificateState;
  /** Hexadecimal, lower case. */
  readonly serial: string;
  /** SHA-256, hexadecimal. */
  readonly fingerprint: string;
  readonly subject: string;
  readonly issuer: string;
  readonly issuedBy: 'BUILT_IN' | 'EST';
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** PEM: leaf, then sub-CAs. */
  readonly chain: string;
  /** The station said that it took it. */
  readonly deliveredAt: Date | null;
  readonly installedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly revocationReason: RevocationReason | '';
  readonly renewAt: Date | null;
  readonly renewAttempts: number;
  readonly createdAt: Date;
}

interface Row {
  tenant: string;
  id: string;
  station_id: string;
  type: CertificateType;
  state: CertificateState;
  serial: string;
  fingerprint: string;
  subject: string;
  issuer: string;
  issued_by: 'BUILT_IN' | 'EST';
  not_before: Date;
  not_after: Date;
  chain: string;
  delivered_at: Date | null;
  installed_at: Date | null;
  revoked_at: Date | null;
  revocation_reason: RevocationReason | '';
  renew_at: Date | null;
  renew_attempts: number;
  created_at: Date;
}

export type NewCertificate = Omit<
  StationCertificate,
  'state' | 'deliveredAt' | 'installedAt' | 'revokedAt' | 'revocationReason' | 'renewAttempts'
>;

export async function insertCertificate(
  tx: Tx,
  certificate: NewCertificate,
  requestId: string | null,
): Promise<void> {
  await tx.query(
    `insert into station_certificate (tenant, id, station_id, type, state, serial, fingerprint, subject, issuer, issued_by,
        not_before, not_after, chain, renew_at, created_at, request_id, version)
      values ($1, $2, $3, $4, 'ISSUED', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1)`,
    [
      certificate.tenant,
      certificate.id,
      certificate.stationId,
      certificate.type,
      certificate.serial,
      certificate.fingerprint,
      certificate.subject,
      certificate.issuer,
      certificate.issuedBy,
      certificate.notBefore,
      certificate.notAfter,
      certificate.chain,
      certificate.renewAt,
      certificate.createdAt,
      requestId,
    ],
  );
}

export async function findCertificate(
  tx: Tx,
  tenant: string,
  id: string,
): Promise<StationCertificate | undefined> {
  const rows = await tx.query<Row>('select * from station_certificate where tenant = $1 and id = $2', [
    tenant,
    id,
  ]);
  return rows[0] && toCertificate(rows[0]);
}

export async function findByFingerprint(
  tx: Tx,
  tenant: string,
  fingerprint: string,
): Promise<StationCertificate | undefined> {
  const rows = await tx.query<Row>(
    'select * from station_certificate where tenant = $1 and fingerprint = $2',
    [tenant, fingerprint],
  );
  return rows[0] && toCertificate(rows[0]);
}

/** Of all tenants: whichever station the certificate was signed for; the tenant's own, should several have it. */
export async function findSigned(
  tx: Tx,
  tenant: string,
  fingerprint: string,
): Promise<StationCertificate | undefined> {
  const rows = await tx.query<Row>(
    'select * from station_certificate where fingerprint = $2 order by tenant <> $1 limit 1',
    [tenant, fingerprint],
  );
  return rows[0] && toCertificate(rows[0]);
}

/** Those of a type that the station may still come with; newest first. */
export async function liveCertificates(
  tx: Tx,
  tenant: string,
  stationId: string,
): Promise<StationCertificate[]> {
  const rows = await tx.query<Row>(
    `select * from station_certificate where tenant = $1 and station_id = $2 and state in ('ISSUED', 'INSTALLED')
      order by created_at desc, id desc`,
    [tenant, stationId],
  );
  return rows.map(toCertificate);
}

export async function saveCertificateState(
  tx: Tx,
  { tenant, id }: Pick<StationCertificate, 'tenant' | 'id'>,
  to: { readonly state: CertificateState; readonly reason?: RevocationReason },
  now: Date,
): Promise<void> {
  await tx.query(
    `update station_certificate set state = $3, version = version + 1,
        installed_at = case when $3 = 'INSTALLED' then $4 else installed_at end,
        superseded_at = case when $3 = 'SUPERSEDED' then $4 else superseded_at end,
        revoked_at = case when $3 = 'REVOKED' then $4 else revoked_at end,
        revocation_reason = coalesce($5, revocation_reason),
        renew_at = case when $3 = 'INSTALLED' then renew_at end
      where tenant = $1 and id = $2`,
    [tenant, id, to.state, now, to.reason ?? null],
  );
}

export async function saveDelivery(
  tx: Tx,
  { tenant, id }: Pick<StationCertificate, 'tenant' | 'id'>,
  now: Date,
): Promise<void> {
  await tx.query('update station_certificate set delivered_at = $3 where tenant = $1 and id = $2', [
    tenant,
    id,
    now,
  ]);
}

export async function planRenewal(
  tx: Tx,
  { tenant, id }: Pick<StationCertificate, 'tenant' | 'id'>,
  renewAt: Date | null,
  attempts: number,
): Promise<void> {
  await tx.query(
    'update station_certificate set renew_at = $3, renew_attempts = $4 where tenant = $1 and id = $2',
    [tenant, id, renewAt, attempts],
  );
}

export async function takeRenewals(tx: Tx, now: Date, limit: number): Promise<StationCertificate[]> {
  const rows = await tx.query<Row>(
    'select * from station_certificate where renew_at <= $1 order by renew_at limit $2 for update skip locked',
    [now, limit],
  );
  return rows.map(toCertificate);
}

/** The connection that came with it is to be ended at `at`; null: it was, or there is none. */
export async function planDisconnect(
  tx: Tx,
  { tenant, id }: Pick<StationCertificate, 'tenant' | 'id'>,
  at: Date | null,
  attempts: number,
): Promise<void> {
  await tx.query(
    'update station_certificate set disconnect_at = $3, disconnect_attempts = $4 where tenant = $1 and id = $2',
    [tenant, id, at, attempts],
  );
}

/** What came of asking, unless somebody ordered it anew meanwhile. `lease`: what `planDisconnect` was given. */
export async function finishDisconnect(
  tx: Tx,
  { tenant, id }: Pick<StationCertificate, 'tenant' | 'id'>,
  lease: Date,
  again: Date | null,
  attempts: number,
): Promise<void> {
  await tx.query(
    `update station_certificate set disconnect_at = $4, disconnect_attempts = $5
      where tenant = $1 and id = $2 and disconnect_at = $3`,
    [tenant, id, lease, again, attempts],
  );
}

export async function takeDisconnects(
  tx: Tx,
  now: Date,
  limit: number,
): Promise<
  (Pick<StationCertificate, 'tenant' | 'id' | 'stationId' | 'fingerprint'> & { attempts: number })[]
> {
  const rows = await tx.query<Row & { disconnect_attempts: number }>(
    `select tenant, id, station_id, fingerprint, disconnect_attempts from station_certificate
      where disconnect_at <= $1 order by disconnect_at limit $2 for update skip locked`,
    [now, limit],
  );
  return rows.map((row) => ({
    tenant: row.tenant,
    id: row.id,
    stationId: row.station_id,
    fingerprint: row.fingerprint,
    attempts: row.disconnect_attempts,
  }));
}

/** Of the built-in authority, of all tenants: they share it. Those that have ended are on no list any more (RFC 5280 3.3). */
export async function revokedByUs(
  tx: Tx,
  now: Date,
): Promise<{ serial: string; revokedAt: Date; reason: RevocationReason }[]> {
  const rows = await tx.query<
    Pick<Row, 'serial'> & { revoked_at: Date; revocation_reason: RevocationReason }
  >(
    `select serial, revoked_at, revocation_reason from station_certificate
      where issued_by = 'BUILT_IN' and revoked_at is not null and not_after > $1 order by revoked_at, id`,
    [now],
  );
  return rows.map((row) => ({
    serial: row.serial,
    revokedAt: row.revoked_at,
    reason: row.revocation_reason,
  }));
}

export interface CertificateFilter {
  readonly stationId?: string | undefined;
  readonly state?: CertificateState | undefined;
  readonly type?: CertificateType | undefined;
  readonly expiresBefore?: Date | undefined;
}

/** Latest first: ids are UUIDv7. */
export async function listCertificates(
  tx: Tx,
  tenant: string,
  page: { limit: number; after: SortKey | undefined },
  filter: CertificateFilter,
): Promise<StationCertificate[]> {
  const rows = await tx.query<Row>(
    `select * from station_certificate
      where tenant = $1 and ($2::uuid is null or id < $2) and ($3::uuid is null or station_id = $3)
        and ($4::text is null or state = $4) and ($5::text is null or type = $5)
        and ($6::timestamptz is null or not_after < $6)
      order by id desc limit $7`,
    [
      tenant,
      page.after?.[0] ?? null,
      filter.stationId ?? null,
      filter.state ?? null,
      filter.type ?? null,
      filter.expiresBefore ?? null,
      page.limit,
    ],
  );
  return rows.map(toCertificate);
}

function toCertificate(row: Row): StationCertificate {
  return {
    tenant: row.tenant,
    id: row.id,
    stationId: row.station_id,
    type: row.type,
    state: row.state,
    serial: row.serial,
    fingerprint: row.fingerprint,
    subject: row.subject,
    issuer: row.issuer,
    issuedBy: row.issued_by,
    notBefore: row.not_before,
    notAfter: row.not_after,
    chain: row.chain,
    deliveredAt: row.delivered_at,
    installedAt: row.installed_at,
    revokedAt: row.revoked_at,
    revocationReason: row.revocation_reason,
    renewAt: row.renew_at,
    renewAttempts: row.renew_attempts,
    createdAt: row.created_at,
  };
}
