import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, Database, mayOn, tenantScope, type Principal } from '@kilowatch/platform';
import type { CollectiveMonth } from '../domain/collective.js';
import type { Dispute } from '../domain/dispute.js';
import { findDecisionsOfSessions, type DecisionRecord } from '../persistence/bill-decision.repository.js';
import {
  findSessions,
  type BilledSession,
  type StoredEnergy,
} from '../persistence/billed-session.repository.js';
import { findCdrsOfSessions, type CdrRecord } from '../persistence/cdr.repository.js';
import { monthsOfCdrs } from '../persistence/collective.repository.js';
import { findDisputesOfSessions } from '../persistence/dispute.repository.js';
import { findInvoicesOfSessions, type InvoiceRecord } from '../persistence/invoice.repository.js';
import { findFunds, type FundRecord } from '../persistence/session-fund.repository.js';
import { findQuotesOfSessions } from '../persistence/quote.repository.js';
import { EnergySoFar } from './energy-so-far.js';
import { costOf, needsEnergySoFar, type CostFacts, type SessionCost } from './session-cost.js';

export type { StoredEnergy } from '../persistence/billed-session.repository.js';
export type { DecisionRecord } from '../persistence/bill-decision.repository.js';
export type { FundRecord } from '../persistence/session-fund.repository.js';
export type { CdrRecord } from '../persistence/cdr.repository.js';

/** What billing knows of one session. */
export interface SessionBill extends CostFacts {
  /** That of the CDR that stands. */
  readonly invoice: InvoiceRecord | undefined;
  /** Credit notes and what they took back, too. */
  readonly invoices: readonly InvoiceRecord[];
  /** The month whose collective invoice its CDR waits for. */
  readonly collectedIn: CollectiveMonth | undefined;
  readonly decisions: readonly DecisionRecord[];
  readonly disputes: readonly Dispute[];
  readonly fund: FundRecord | undefined;
}

/** Reads for people: each session only for its driver or an operator of its tenant. */
@Injectable()
export class ViewSession {
  constructor(
    private readonly database: Database,
    private readonly energy: EnergySoFar,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The sessions of `ids` that the person may see; the others are missing from the map. */
  async bills(principal: Principal, ids: readonly string[]): Promise<Map<string, SessionBill>> {
    const { tenant } = principal;
    return this.database.read(tenantScope(tenant), async (tx) => {
      const sessions = await findSessions(tx, tenant, ids);
      const cdrs = bySession(await findCdrsOfSessions(tx, tenant, ids));
      const visible = sessions.filter((session) => maySee(principal, session, cdrs.get(session.sessionId)));
      const known = visible.map((session) => session.sessionId);
      const quotes = bySession(await findQuotesOfSessions(tx, tenant, known));
      const invoices = await findInvoicesOfSessions(tx, tenant, known);
      const onPaper = new Set(invoices.map(({ cdrId }) => cdrId));
      const waiting = [...cdrs.values()].map(({ id }) => id).filter((id) => !onPaper.has(id));
      const months = await monthsOfCdrs(tx, tenant, waiting);
      const disputes = await findDisputesOfSessions(tx, tenant, known);
      const funds = bySession(await findFunds(tx, tenant, known));
      const decisions = await findDecisionsOfSessions(tx, tenant, known);
      return new Map(
        visible.map((session) => [
          session.sessionId,
          {
            session,
            quote: quotes.get(session.sessionId),
            cdr: cdrs.get(session.sessionId),
            invoice: invoices.find(({ cdrId }) => cdrId === cdrs.get(session.sessionId)?.id)?.invoice,
            invoices: invoices.flatMap(({ sessionId, invoice }) =>
              sessionId === session.sessionId ? [invoice] : [],
            ),
            collectedIn: months.get(cdrs.get(session.sessionId)?.id ?? ''),
            disputes: disputes.filter(({ sessionId }) => sessionId === session.sessionId),
            fund: funds.get(session.sessionId),
            decisions: decisions.filter(({ sessionId }) => sessionId === session.sessionId),
          },
        ]),
      );
    });
  }

  needsEnergySoFar(bill: SessionBill): boolean {
    return needsEnergySoFar(bill);
  }

  /** Of sessions whose bills the person was shown. Throws UNAVAILABLE while metering is away. */
  energySoFar({ tenant }: Principal, ids: readonly string[]): Promise<Map<string, StoredEnergy>> {
    return this.energy.of(tenant, ids);
  }

  /** Final once there is a CDR. */
  cost(bill: SessionBill, soFar: StoredEnergy | undefined): SessionCost | undefined {
    return costOf(bill, soFar, this.clock);
  }
}

/** A bill is for whom it was issued to, whoever was told to be the driver since. */
function maySee(principal: Principal, { snapshot }: BilledSession, cdr: CdrRecord | undefined): boolean {
  return (
    snapshot !== undefined &&
    mayOn(principal, 'billing:read', { ...snapshot, ...(cdr && { accountId: cdr.accountId }) })
  );
}

function bySession<T extends { readonly sessionId: string | undefined }>(rows: readonly T[]): Map<string, T> {
  return new Map(rows.flatMap((row) => (row.sessionId === undefined ? [] : [[row.sessionId, row] as const])));
}
