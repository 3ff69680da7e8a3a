import type { Tx } from '@kilowatch/platform';
import type { PooledContract } from '../domain/contract-delivery.js';

export interface Delivery {
  readonly contracts: readonly PooledContract[];
  /** How many of them the car has got. */
  readonly given: number;
  readonly expiresAt: Date;
}

export async function findDelivery(
  tx: Tx,
  tenant: string,
  stationId: string,
  requestHash: Buffer,
  now: Date,
): Promise<Delivery | undefined> {
  const rows = await tx.query<{ contracts: PooledContract[]; given: number; expires_at: Date }>(
    `select contracts, given, expires_at from contract_delivery
      where tenant = $1 and station_id = $2 and request_hash = $3 and expires_at > $4`,
    [tenant, stationId, requestHash, now],
  );
  const row = rows[0];
  return row && { contracts: row.contracts, given: row.given, expiresAt: row.expires_at };
}

export async function saveDelivery(
  tx: Tx,
  tenant: string,
  stationId: string,
  requestHash: Buffer,
  { contracts, given, expiresAt }: Delivery,
): Promise<void> {
  await tx.query(
    `insert into contract_delivery (tenant, station_id, request_hash, contracts, given, expires_at)
      values ($1, $2, $3, $4, $5, $6)
      on conflict on constraint contract_delivery_pk do update set contracts = excluded.contracts,
        given = excluded.given, expires_at = excluded.expires_at`,
    [tenant, stationId, requestHash, JSON.stringify(contracts), given, expiresAt],
  );
}

/** Of all cars that are through, or gone. */
export async function dropDeliveries(tx: Tx, now: Date): Promise<void> {
  await tx.query('delete from contract_delivery where expires_at <= $1', [now]);
}
