import { Inject, Injectable } from '@nestjs/common';
import type { DueWorkDefinition, Tx } from '@kilowatch/platform';
import { monthsWanted } from '../domain/reading-months.js';
import {
  dropPartition,
  forgetOthers,
  makePartition,
  type Family,
} from '../persistence/partition.repository.js';
import { forgetCurves } from '../persistence/session-curve.repository.js';
import { RETENTION, type Retention } from './retention.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const FAMILIES: readonly Family[] = ['reading', 'reading_minute', 'reading_quarter'];
/** They hold a few kilobytes each. */
const CURVES_AT_ONCE = 1_000;
const DONE = [{ tenant: '*' }];

/**
 * Makes the months of readings ahead and drops the old ones, one in a transaction: nobody waits for long, and a lock that is not to be had
 * within 300 ms is tried for again the next time. Old curves are forgotten some at a time.
 */
@Injectable()
export class KeepPartitions implements DueWorkDefinition<{ tenant: string }> {
  readonly name = 'keep-partitions';
  readonly intervalMs = 10 * MINUTE_MS;
  /** Called again as long as there was something to do. */
  readonly limit = 1;

  constructor(@Inject(RETENTION) private readonly retention: Retention) {}

  async take(tx: Tx, now: Date): Promise<{ tenant: string }[]> {
    for (const family of FAMILIES) {
      for (const month of monthsWanted(now)) if (await makePartition(tx, family, month)) return DONE;
    }
    for (const family of FAMILIES) {
      const days = family === 'reading' ? this.retention.readingDays : this.retention.curveDays;
      const before = new Date(now.getTime() - days * DAY_MS);
      if (await dropPartition(tx, family, before)) return DONE;
      if ((await forgetOthers(tx, family, before)) > 0) return DONE;
    }
    const before = new Date(now.getTime() - this.retention.curveDays * DAY_MS);
    if ((await forgetCurves(tx, before, CURVES_AT_ONCE)) > 0) return DONE;
    return [];
  }
}
