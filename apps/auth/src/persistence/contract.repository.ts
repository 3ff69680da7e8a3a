import type { Tx } from '@kilowatch/platform';

/** What names a certificate among those of an issuer: hex, as OCPP writes hash data (SHA-256 over the issuer's key). */
export interface CertificateName {
  readonly issuerKeyHash: string;
  readonly serial: string;
}

/** Certificates that a PEM chain proved to belong to the contract, latest first. */
export async function knownCertificates(
  tx: Tx,
  tenant: string,
  emaidKey: string,
): Promise<CertificateName[]> {
  const rows = await tx.query<{ issuer_key_hash: string; serial: string }>(
    `select issuer_key_hash, serial from contract_certificate where tenant = $1 and emaid_key = $2
      order by first_seen_at desc limit 100`,
    [tenant, emaidKey],
  );
  return rows.map((row) => ({ issuerKeyHash: row.issuer_key_hash, serial: row.serial }));
}

export async function saveCertificate(
  tx: Tx,
  tenant: string,
  emaidKey: string,
  { issuerKeyHash, serial }: CertificateName,
  at: Date,
): Promise<void> {
  await tx.query(
    `insert into contract_certificate (tenant, emaid_key, issuer_key_hash, serial, first_seen_at)
      values ($1, $2, $3, $4, $5) on conflict do nothing`,
    [tenant, emaidKey, issuerKeyHash, serial, at],
  );
}

/** The station saw the contract's certificate, and it was good (P14). */
export async function saveVerified(
  tx: Tx,
  tenant: string,
  stationId: string,
  emaidKey: string,
  at: Date,
): Promise<void> {
  await tx.query(
    `insert into verified_contract as held (tenant, station_id, emaid_key, verified_at) values ($1, $2, $3, $4)
      on conflict on constraint verified_contract_pk do update set verified_at = excluded.verified_at
      where held.verified_at < excluded.verified_at`,
    [tenant, stationId, emaidKey, at],
  );
}

export async function isVerifiedSince(
  tx: Tx,
  tenant: string,
  stationId: string,
  emaidKey: string,
  since: Date,
): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from verified_contract where tenant = $1 and station_id = $2 and emaid_key = $3 and verified_at >= $4`,
    [tenant, stationId, emaidKey, since],
  );
  return rows.length > 0;
}
