import { Injectable } from '@nestjs/common';
import type { DueWorkDefinition, Tx } from '@kilowatch/platform';
import {
  dueSessions,
  findSession,
  lockSettling,
  postponeSession,
} from '../persistence/billed-session.repository.js';
import { SettleSession } from './settle-session.js';

interface Row {
  readonly tenant: string;
  readonly sessionId: string;
}

const AGAIN_MS = 60_000;

/** Prices the sessions that waited for a first tariff. */
@Injectable()
export class SettleDueSessions implements DueWorkDefinition<Row> {
  readonly name = 'settle-due-sessions';
  readonly intervalMs = 500;

  constructor(private readonly settle: SettleSession) {}

  sideBySide({ sessionId }: Row): string {
    return sessionId;
  }

  take(tx: Tx, now: Date, limit: number): Promise<Row[]> {
    return dueSessions(tx, now, limit);
  }

  async run(tx: Tx, row: Row): Promise<void> {
    lockSettling(tx, row.tenant);
    const session = await findSession(tx, row.tenant, row.sessionId);
    if (session) await this.settle.run(tx, session);
  }

  failed(tx: Tx, row: Row, _error: unknown, now: Date): Promise<void> {
    return postponeSession(tx, row.tenant, row.sessionId, new Date(now.getTime() + AGAIN_MS));
  }
}
