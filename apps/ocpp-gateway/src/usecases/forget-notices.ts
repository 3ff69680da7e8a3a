import { Injectable } from '@nestjs/common';
import type { DueWorkDefinition, Tx } from '@kilowatch/platform';
import { NoticeRepository, type OldNotice } from '../persistence/notice.repository.js';

/** Notices are for people who look into a charger's recent trouble; chargers may send them without end. */
const KEPT_DAYS = 90;
const HOUR_MS = 3_600_000;

@Injectable()
export class ForgetNotices implements DueWorkDefinition<OldNotice> {
  readonly name = 'forget-notices';
  readonly intervalMs = HOUR_MS;
  readonly limit = 500;

  constructor(private readonly notices: NoticeRepository) {}

  take(tx: Tx, now: Date, limit: number): Promise<OldNotice[]> {
    return this.notices.takeOlder(tx, new Date(now.getTime() - KEPT_DAYS * 24 * HOUR_MS), limit);
  }

  run(tx: Tx, notice: OldNotice): Promise<void> {
    return this.notices.forget(tx, notice);
  }
}
