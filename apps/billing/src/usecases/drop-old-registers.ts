import { Injectable } from '@nestjs/common';
import type { DueWorkDefinition, Tx } from '@kilowatch/platform';
import { bucketOf } from '../domain/register-buckets.js';
import {
  dropRegisters,
  takeRegistersBefore,
  type RegisterRow,
} from '../persistence/live-register.repository.js';

const KEPT_MS = 30 * 86_400_000;

/** Forgets registers that no CDR cleared: of transactions that belong to no session, or came after the bill. */
@Injectable()
export class DropOldRegisters implements DueWorkDefinition<RegisterRow> {
  readonly name = 'drop-old-registers';
  readonly intervalMs = 3_600_000;

  take(tx: Tx, now: Date, limit: number): Promise<RegisterRow[]> {
    return takeRegistersBefore(tx, bucketOf(new Date(now.getTime() - KEPT_MS)), limit);
  }

  async run(tx: Tx, row: RegisterRow): Promise<void> {
    await dropRegisters(tx, row.tenant, row);
  }
}
