import type { Tx } from '@kilowatch/platform';
import {
  MOST_OF_STATION,
  MOST_OF_TENANT,
  type ForgedChain,
  type ShownHash,
} from '../domain/attempts/forged-chain.js';

interface Row {
  id: string;
  token_hash: string;
  token_masked: string;
  station_id: string;
  reason: string;
  serial: string;
  pem: string;
  hash_data: string;
  digest: Buffer;
  times: number;
  first_seen: Date;
  last_seen: Date;
  kept_until: Date;
}

/** Counts it when it is kept already; beyond the bounds nothing is kept. Two at once may exceed them by one. */
export async function keepForgedChain(tx: Tx, tenant: string, chain: ForgedChain): Promise<void> {
  await tx.query(
    `with again as (update forged_chain set times = times + 1, last_seen = greatest(last_seen, $12), kept_until = greatest(kept_until, $13)
        where tenant = $1 and station_id = $5 and digest = $10 returning 1)
      insert into forged_chain (tenant, id, token_hash, token_masked, station_id, reason, serial, pem, hash_data, digest, times,
          first_seen, last_seen, kept_until)
        select $1, $2, $3, $4, $5::uuid, $6, $7, $8, $9, $10::bytea, $11, $12::timestamptz, $12, $13::timestamptz
        where not exists (select from again)
          and (select count(*) from forged_chain where tenant = $1) < ${MOST_OF_TENANT}
          and (select count(*) from forged_chain where tenant = $1 and station_id = $5) < ${MOST_OF_STATION}
        on conflict on constraint forged_chain_shown do nothing`,
    [
      tenant,
      chain.id,
      chain.tokenHash,
      chain.tokenMasked,
      chain.stationId,
      chain.reason,
      chain.serial,
      chain.pem,
      JSON.stringify(chain.hashData),
      chain.digest,
      chain.times,
      chain.firstSeen,
      chain.keptUntil,
    ],
  );
}

/** Of one token, latest first. */
export async function listForgedChains(tx: Tx, tenant: string, tokenHash: string): Promise<ForgedChain[]> {
  const rows = await tx.query<Row>(
    'select * from forged_chain where tenant = $1 and token_hash = $2 order by id desc',
    [tenant, tokenHash],
  );
  return rows.map((row) => ({
    id: row.id,
    tokenHash: row.token_hash,
    tokenMasked: row.token_masked,
    stationId: row.station_id,
    reason: row.reason,
    serial: row.serial,
    pem: row.pem,
    hashData: JSON.parse(row.hash_data) as ShownHash[],
    digest: row.digest,
    times: row.times,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    keptUntil: row.kept_until,
  }));
}
