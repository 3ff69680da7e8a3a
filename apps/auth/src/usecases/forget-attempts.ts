import { Injectable } from '@nestjs/common';
import type { DueWorkDefinition, Tx } from '@kilowatch/platform';
import { forgetAttempts } from '../persistence/forget-attempts.repository.js';

const DAY_MS = 24 * 3_600_000;
/** A meter that tells of a session later than this tells nobody. */
const SESSIONS_MS = 8 * DAY_MS;
const INCIDENTS_MS = 400 * DAY_MS;

/** Signs that no rule can use any more, and incidents closed more than a year ago. */
@Injectable()
export class ForgetAttempts implements DueWorkDefinition<{ tenant: string }> {
  readonly name = 'forget-attempts';
  readonly intervalMs = 60_000;
  readonly limit = 500;

  take(tx: Tx, now: Date, limit: number): Promise<{ tenant: string }[]> {
    const before = {
      now,
      sessions: new Date(now.getTime() - SESSIONS_MS),
      incidents: new Date(now.getTime() - INCIDENTS_MS),
    };
    return forgetAttempts(tx, before, limit);
  }
}
