import { Injectable } from '@nestjs/common';
import type { DueWorkDefinition, Tx } from '@kilowatch/platform';
import { forgetWebhooks } from '../../persistence/webhook-inbox.repository.js';

const HOUR_MS = 3_600_000;
/** A signature is good for five minutes, and Stripe repeats an event for three days at most. */
const KEPT_DAYS = 60;

@Injectable()
export class ForgetWebhooks implements DueWorkDefinition<{ tenant: string }> {
  readonly name = 'forget-webhooks';
  readonly intervalMs = HOUR_MS;

  take(tx: Tx, now: Date, limit: number): Promise<{ tenant: string }[]> {
    return forgetWebhooks(tx, new Date(now.getTime() - KEPT_DAYS * 24 * HOUR_MS), limit);
  }
}
