import type { Tx } from '@kilowatch/platform';

/**
 * What earlier releases kept of running transactions; nobody reads it. Releases that still write it may run beside this one, so the
 * table goes with the next.
 */
export interface RegisterRow {
  readonly tenant: string;
  readonly stationId: string;
  readonly transactionRef: string;
  /** Count of five-minute stretches since 1970. */
  readonly bucket: number;
}

const BUCKET_MS = 300_000;

export async function takeRegistersBefore(tx: Tx, before: Date, limit: number): Promise<RegisterRow[]> {
  const rows = await tx.query<{
    tenant: string;
    station_id: string;
    transaction_ref: string;
    bucket: number;
  }>(
    `select tenant, station_id, transaction_ref, bucket from live_register where bucket < $1
      order by bucket limit $2 for update skip locked`,
    [Math.floor(before.getTime() / BUCKET_MS), limit],
  );
  return rows.map((row) => ({
    tenant: row.tenant,
    stationId: row.station_id,
    transactionRef: row.transaction_ref,
    bucket: row.bucket,
  }));
}

export async function dropRegister(tx: Tx, row: RegisterRow): Promise<void> {
  await tx.query(
    'delete from live_register where tenant = $1 and station_id = $2 and transaction_ref = $3 and bucket = $4',
    [row.tenant, row.stationId, row.transactionRef, row.bucket],
  );
}
