import { Injectable } from '@nestjs/common';
import type { DueWorkDefinition, Tx } from '@kilowatch/platform';
import { forgetAccountLinks } from '../persistence/account-link.repository.js';
import { forgetFailedAttempts } from '../persistence/failed-attempt.repository.js';
import { forgetRefreshTokens } from '../persistence/refresh-token.repository.js';
import { forgetSignInSessions } from '../persistence/sign-in-session.repository.js';
import { forgetSpentTickets } from '../persistence/spent-ticket.repository.js';

const HOUR_MS = 3_600_000;
/** Sessions that are over stay that long for those who look into them; the audit log keeps that they were. */
const KEPT_DAYS = 30;

/** What opens nothing any more: spent tickets, old links, refresh tokens and sign-ins. */
@Injectable()
export class ForgetSignIns implements DueWorkDefinition<{ tenant: string }> {
  readonly name = 'forget-sign-ins';
  readonly intervalMs = HOUR_MS;
  readonly limit = 500;

  async take(tx: Tx, now: Date, limit: number): Promise<{ tenant: string }[]> {
    const kept = new Date(now.getTime() - KEPT_DAYS * 24 * HOUR_MS);
    const day = new Date(now.getTime() - 24 * HOUR_MS);
    return [
      ...(await forgetSpentTickets(tx, day, limit)),
      ...(await forgetAccountLinks(tx, day, limit)),
      ...(await forgetSignInSessions(tx, kept, limit)),
      ...(await forgetRefreshTokens(tx, day, limit)),
      ...(await forgetFailedAttempts(tx, new Date(now.getTime() - HOUR_MS), limit)),
    ];
  }
}
