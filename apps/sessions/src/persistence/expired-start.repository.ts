import { Injectable } from '@nestjs/common';
import type { Tx } from '@kilowatch/platform';

export interface ExpiredStart {
  readonly tenant: string;
  readonly id: string;
  readonly stationId: string;
  readonly evseNumber: number;
}

/** Requests for a start that no start came for in time. */
@Injectable()
export class ExpiredStartRepository {
  async take(tx: Tx, now: Date, limit: number): Promise<ExpiredStart[]> {
    const rows = await tx.query<{ tenant: string; id: string; station_id: string; evse_number: number }>(
      `SELECT tenant, id, station_id, evse_number FROM remote_start
       WHERE consumed_by IS NULL AND expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED`,
      [now, limit],
    );
    return rows.map((row) => ({
      tenant: row.tenant,
      id: row.id,
      stationId: row.station_id,
      evseNumber: row.evse_number,
    }));
  }

  /** Nothing will come of it any more. The audit keeps that it was asked for. */
  async forget(tx: Tx, { tenant, id }: ExpiredStart): Promise<void> {
    await tx.query('DELETE FROM remote_start WHERE tenant = $1 AND id = $2', [tenant, id]);
  }
}
