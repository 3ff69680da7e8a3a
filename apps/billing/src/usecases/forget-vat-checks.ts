import { Injectable } from '@nestjs/common';
import type { DueWorkDefinition, Tx } from '@kilowatch/platform';
import { forgetVatChecks } from '../persistence/vat-check.repository.js';

const HOUR_MS = 3_600_000;
/** A person in business may be known by it: kept no longer than an invoice is asked for. */
const KEPT_DAYS = 90;

@Injectable()
export class ForgetVatChecks implements DueWorkDefinition<{ tenant: string }> {
  readonly name = 'forget-vat-checks';
  readonly intervalMs = HOUR_MS;

  take(tx: Tx, now: Date, limit: number): Promise<{ tenant: string }[]> {
    return forgetVatChecks(tx, new Date(now.getTime() - KEPT_DAYS * 24 * HOUR_MS), limit);
  }
}
