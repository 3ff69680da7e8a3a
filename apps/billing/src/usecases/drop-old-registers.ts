import { Injectable } from '@nestjs/common';
import type { DueWorkDefinition, Tx } from '@kilowatch/platform';
import {
  dropRegister,
  takeRegistersBefore,
  type RegisterRow,
} from '../persistence/live-register.repository.js';

/** An earlier release that runs beside this one still prices from what it wrote in the last days. */
const KEPT_MS = 2 * 86_400_000;

/** Forgets what earlier releases kept of running transactions. */
@Injectable()
export class DropOldRegisters implements DueWorkDefinition<RegisterRow> {
  readonly name = 'drop-old-registers';
  readonly intervalMs = 3_600_000;

  take(tx: Tx, now: Date, limit: number): Promise<RegisterRow[]> {
    return takeRegistersBefore(tx, new Date(now.getTime() - KEPT_MS), limit);
  }

  run(tx: Tx, row: RegisterRow): Promise<void> {
    return dropRegister(tx, row);
  }
}
