import { gathered, pgArray, type Tx } from '@kilowatch/platform';

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

export interface ShownCertificate extends CertificateName {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export interface ContractCertificate extends ShownCertificate {
  readonly emaidKey: string;
  readonly at: Date;
}

export const saveCertificate = gathered<ContractCertificate>(
  ({ emaidKey, issuerKeyHash, serial }) => `${emaidKey}|${issuerKeyHash}|${serial}`,
  async (tx, tenant, certificates) => {
    await tx.query(
      `insert into contract_certificate as held (tenant, emaid_key, issuer_key_hash, serial, first_seen_at, valid_from, valid_until)
        select $1, c.* from unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[]) c
        on conflict on constraint contract_certificate_pk do update set valid_from = excluded.valid_from,
          valid_until = excluded.valid_until where held.valid_until is null`,
      [
        tenant,
        pgArray.text(certificates.map(({ emaidKey }) => emaidKey)),
        pgArray.text(certificates.map(({ issuerKeyHash }) => issuerKeyHash)),
        pgArray.text(certificates.map(({ serial }) => serial)),
        pgArray.timestamptz(certificates.map(({ at }) => at)),
        pgArray.timestamptz(certificates.map(({ notBefore }) => notBefore)),
        pgArray.timestamptz(certificates.map(({ notAfter }) => notAfter)),
      ],
    );
  },
);

export interface VerifiedContract {
  readonly stationId: string;
  readonly emaidKey: string;
  readonly at: Date;
}

/** The station saw the contract's certificate, and it was good (P14). */
export const saveVerified = gathered<VerifiedContract>(
  ({ stationId, emaidKey }) => `${stationId}|${emaidKey}`,
  async (tx, tenant, verified) => {
    await tx.query(
      `insert into verified_contract as held (tenant, station_id, emaid_key, verified_at)
        select $1, v.* from unnest($2::uuid[], $3::text[], $4::timestamptz[]) v
        on conflict on constraint verified_contract_pk do update set verified_at = excluded.verified_at
        where held.verified_at < excluded.verified_at`,
      [
        tenant,
        pgArray.uuid(verified.map(({ stationId }) => stationId)),
        pgArray.text(verified.map(({ emaidKey }) => emaidKey)),
        pgArray.timestamptz(verified.map(({ at }) => at)),
      ],
    );
  },
);

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
