import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import { mwh, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, counter, IDS, type Tx } from '@kilowatch/platform';
import { issueCdr } from '../domain/cdr.js';
import { courseUnder, decisionNote, priceUnder, type BillDecision } from '../domain/decision.js';
import { priceCourse, tariffOfQuote } from '../domain/quote.js';
import { courseOf } from '../domain/session-course.js';
import { stored } from '../domain/stored.js';
import { nudgeFunds } from '../persistence/account-funds.repository.js';
import type {
  StoredEnergy,
  StoredReservation,
  StoredSnapshot,
} from '../persistence/billed-session.repository.js';
import { insertCdr, type CdrRecord } from '../persistence/cdr.repository.js';
import type { QuoteRecord } from '../persistence/quote.repository.js';
import { SettleByCard } from './cards/settle-by-card.js';
import { cdrMessage } from './cdr-message.js';
import { InvoiceCdr } from './invoice-cdr.js';
import { knownSession } from './known-session.js';
import { startOf } from './lock-session-quote.js';
import { PayInvoice } from './pay-invoice.js';
import { sha256 } from './sha256.js';

/** What a bill is made of. */
export interface DueBill {
  readonly tenant: string;
  readonly snapshot: StoredSnapshot;
  readonly energy: StoredEnergy;
  readonly reservation: StoredReservation | undefined;
  readonly quote: QuoteRecord;
  /** Where a person had to decide. */
  readonly decision: BillDecision | undefined;
}

/**
 * Price, CDR, invoice, ledger and payment of one session in the caller's transaction: all of it or none. The caller
 * is alone with the tenant's sessions and has made sure that there is no CDR yet.
 */
@Injectable()
export class BillSession {
  constructor(
    private readonly invoiceCdr: InvoiceCdr,
    private readonly payInvoice: PayInvoice,
    private readonly cards: SettleByCard,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async run(tx: Tx, { tenant, snapshot, energy, reservation, quote, decision }: DueBill): Promise<void> {
    const { sessionId, accountId } = snapshot;
    const issuedAt = this.clock.now();
    const startedAt = startOf(snapshot, this.clock);
    const { idleGraceMinutes } = tariffOfQuote(quote, sha256);
    const until = snapshot.endedAt ? new Date(snapshot.endedAt) : issuedAt;
    const facts = { ...knownSession(snapshot, energy), startedAt, until, idleGraceMinutes, reservation };
    const known = courseOf(facts);
    const course = courseUnder(known, decision);
    const price = priceUnder(priceCourse(quote, course, sha256), decision);
    const remark = decision && decisionNote(decision, mwh(energy.energyMwh), price.currency);
    const id = this.ids.newId();
    const unused = reservation?.unused && { reservationId: reservation.reservationId };
    const cdr = issueCdr({ id, sessionId, issuedAt, quote, price, remark, decision, ...unused });
    const invoice = await this.invoiceCdr.run(tx, tenant, accountId, cdr);
    const record: CdrRecord = {
      tenant,
      id: cdr.id,
      sessionId,
      accountId,
      issuedAt,
      document: stored(cdr),
      course: stored(course),
      snapshot,
      invoiceNumber: invoice?.number,
      kind: 'CDR',
      creditOf: undefined,
      revision: 1,
    };
    await insertCdr(tx, tenant, record);
    tx.publish(events.cdrIssued, {
      aggregateId: cdr.id,
      aggregateVersion: 1,
      occurredAt: issuedAt,
      payload: { cdr: cdrMessage(record) },
    });
    // What is in the driver's favour is taken of no card: what one reserved is let go.
    const owed = invoice?.totalIncl.gt('0') ? invoice : undefined;
    const byCard = await this.cards.settle(tx, { tenant, sessionId }, owed);
    if (invoice && !byCard) await this.payInvoice.settleBill(tx, invoice);
    if (accountId !== '') await nudgeFunds(tx, tenant, accountId);
    tx.live('session', sessionId);
    tx.afterCommit(() => counter('kw_cdrs_total').inc({ outcome: invoice ? 'invoiced' : 'not_invoiced' }));
  }
}
