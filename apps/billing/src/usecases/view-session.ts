import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, Database, mayOn, tenantScope, type Principal } from '@kilowatch/platform';
import type { Dispute } from '../domain/dispute.js';
import type { RegisterPoint } from '../domain/session-course.js';
import { findDecisionsOfSessions, type DecisionRecord } from '../persistence/bill-decision.repository.js';
import { findSessions, type BilledSession } from '../persistence/billed-session.repository.js';
import { findCdrsOfSessions } from '../persistence/cdr.repository.js';
import { findDisputesOfSessions } from '../persistence/dispute.repository.js';
import { findInvoicesOfSessions, type InvoiceRecord } from '../persistence/invoice.repository.js';
import { registerKey, registersOf } from '../persistence/live-register.repository.js';
import { findQuotesOfSessions } from '../persistence/quote.repository.js';
import { costOf, type CostFacts, type SessionCost } from './session-cost.js';

export type { StoredEnergy } from '../persistence/billed-session.repository.js';
export type { DecisionRecord } from '../persistence/bill-decision.repository.js';
export type { CdrRecord } from '../persistence/cdr.repository.js';

/** What billing knows of one session. */
export interface SessionBill extends CostFacts {
  /** That of the CDR that stands. */
  readonly invoice: InvoiceRecord | undefined;
  /** Credit notes and what they took back, too. */
  readonly invoices: readonly InvoiceRecord[];
  readonly decisions: readonly DecisionRecord[];
  readonly disputes: readonly Dispute[];
}

/** Reads for people: each session only for its driver or an operator of its tenant. */
@Injectable()
export class ViewSession {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The sessions of `ids` that the person may see; the others are missing from the map. */
  async bills(principal: Principal, ids: readonly string[]): Promise<Map<string, SessionBill>> {
    const { tenant } = principal;
    return this.database.read(tenantScope(tenant), async (tx) => {
      const visible = (await findSessions(tx, tenant, ids)).filter((session) => maySee(principal, session));
      const known = visible.map((session) => session.sessionId);
      const quotes = bySession(await findQuotesOfSessions(tx, tenant, known));
      const cdrs = bySession(await findCdrsOfSessions(tx, tenant, known));
      const invoices = await findInvoicesOfSessions(tx, tenant, known);
      const disputes = await findDisputesOfSessions(tx, tenant, known);
      const decisions = await findDecisionsOfSessions(tx, tenant, known);
      const open = visible.flatMap(({ sessionId, snapshot }) =>
        snapshot && !cdrs.has(sessionId) ? [snapshot] : [],
      );
      const registers =
        open.length > 0 ? await registersOf(tx, tenant, open) : new Map<string, RegisterPoint[]>();
      return new Map(
        visible.map((session) => [
          session.sessionId,
          {
            session,
            quote: quotes.get(session.sessionId),
            cdr: cdrs.get(session.sessionId),
            invoice: invoices.find(({ cdrId }) => cdrId === cdrs.get(session.sessionId)?.id),
            invoices: invoices.filter(({ sessionId }) => sessionId === session.sessionId),
            disputes: disputes.filter(({ sessionId }) => sessionId === session.sessionId),
            decisions: decisions.filter(({ sessionId }) => sessionId === session.sessionId),
            registers: (session.snapshot && registers.get(registerKey(session.snapshot))) ?? [],
          },
        ]),
      );
    });
  }

  /** Final once there is a CDR. */
  cost(bill: SessionBill): SessionCost | undefined {
    return costOf(bill, this.clock);
  }
}

function maySee(principal: Principal, { snapshot }: BilledSession): boolean {
  return snapshot !== undefined && mayOn(principal, 'billing:read', snapshot);
}

function bySession<T extends { readonly sessionId: string | undefined }>(rows: readonly T[]): Map<string, T> {
  return new Map(rows.flatMap((row) => (row.sessionId === undefined ? [] : [[row.sessionId, row] as const])));
}
