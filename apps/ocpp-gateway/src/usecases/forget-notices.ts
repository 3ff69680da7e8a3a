import { Injectable } from '@nestjs/common';
import type { DueWorkDefinition, Tx } from '@kilowatch/platform';

interface OldNotice {
  readonly tenant: string;
  readonly notice_id: string;
}

/** Notices are for people who look into a charger's recent trouble; chargers may send them without end. */
const KEPT_DAYS = 90;
const HOUR_MS = 3_600_000;

@Injectable()
export class ForgetNotices implements DueWorkDefinition<OldNotice> {
  readonly name = 'forget-notices';
  readonly intervalMs = HOUR_MS;
  readonly limit = 500;

  take(tx: Tx, now: Date, limit: number): Promise<OldNotice[]> {
    return tx.query<OldNotice>(
      `SELECT tenant, notice_id FROM station_notice WHERE received_at < $1::timestamptz - interval '${KEPT_DAYS} days'
       LIMIT $2 FOR UPDATE SKIP LOCKED`,
      [now, limit],
    );
  }

  async run(tx: Tx, notice: OldNotice): Promise<void> {
    await tx.query('DELETE FROM station_notice WHERE tenant = $1 AND notice_id = $2', [
      notice.tenant,
      notice.notice_id,
    ]);
  }
}
