import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import {
  invalid,
  isUuid,
  mwh,
  precondition,
  type Clock,
  type Decimal,
  type IdSource,
} from '@kilowatch/kernel';
import {
  argsHash,
  CLOCK,
  counter,
  Database,
  idempotent,
  IDS,
  tenantScope,
  type Principal,
  type Tx,
} from '@kilowatch/platform';
import type { SessionCourse } from '@kilowatch/pricing';
import { creditCdr, issueCdr, type CdrRequest } from '../domain/cdr.js';
import {
  courseUnder,
  decidedEnergy,
  decidedReason,
  decisionNote,
  priceUnder,
  type BillDecision,
  type DecisionKind,
} from '../domain/decision.js';
import { priceCourse } from '../domain/quote.js';
import { revivedAmount, revivedDecision } from '../domain/revive.js';
import { revivedCourse, revivedReservation } from '../domain/session-course.js';
import { stored } from '../domain/stored.js';
import { insertDecision } from '../persistence/bill-decision.repository.js';
import {
  findSession,
  lockSettling,
  type StoredReservation,
  type StoredSnapshot,
} from '../persistence/billed-session.repository.js';
import { findCdrHistory, insertCdr, type CdrRecord } from '../persistence/cdr.repository.js';
import { uncollectCdr } from '../persistence/collective.repository.js';
import { isDisputed } from '../persistence/dispute.repository.js';
import { findInvoiceOfCdr, type InvoiceRecord } from '../persistence/invoice.repository.js';
import type { QuoteRecord } from '../persistence/quote.repository.js';
import { SettleByCard } from './cards/settle-by-card.js';
import { cdrMessage } from './cdr-message.js';
import { InvoiceCdr } from './invoice-cdr.js';
import { MakeInvoice } from './make-invoice.js';
import { PayInvoice } from './pay-invoice.js';
import { sha256 } from './sha256.js';
import { unknownSession } from './unknown-session.js';

/** What a bill is to be instead. */
export interface BillChange {
  readonly correction: DecisionKind;
  /** With ENERGY, and only with it. */
  readonly energyWh?: number | null;
  /** With AMOUNT, and only with it. */
  readonly totalInclVat?: Decimal | null;
  readonly reason: string;
}

export interface BillCorrection extends BillChange {
  readonly sessionId: string;
  readonly idempotencyKey: string;
}

export interface CorrectedBill {
  readonly credit: CdrRecord;
  readonly cdr: CdrRecord;
  readonly creditNote: InvoiceRecord | undefined;
  readonly invoice: InvoiceRecord | undefined;
}

/** What takes the place of a bill. */
interface Replacement extends Pick<CdrRequest, 'quote' | 'price' | 'decision' | 'remark'> {
  readonly course: SessionCourse;
  /** Why the old one is taken back. */
  readonly note: string;
  readonly whose: Pick<CdrRecord, 'accountId' | 'snapshot'>;
}

type CheckedChange = Pick<BillDecision, 'kind' | 'energyMwh' | 'inclVat' | 'reason'>;

/**
 * Replaces a bill that was issued. Nothing is changed or removed: a credit takes it back, and what is right follows. Of a collective
 * invoice the session's part is taken back.
 */
@Injectable()
export class CorrectBill {
  constructor(
    private readonly database: Database,
    private readonly makeInvoice: MakeInvoice,
    private readonly invoiceCdr: InvoiceCdr,
    private readonly payInvoice: PayInvoice,
    private readonly cards: SettleByCard,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** Once per key; answers with the id of the credit note, if there was an invoice. */
  async run(principal: Principal, input: BillCorrection): Promise<string | undefined> {
    const { tenant, accountId } = principal;
    const { sessionId } = input;
    if (!isUuid(sessionId)) throw unknownSession();
    const change = checkedChange(input);
    const request = {
      operation: 'correctBill',
      subject: accountId,
      key: input.idempotencyKey,
      argsHash: argsHash({ sessionId, ...change, inclVat: change.inclVat?.toFixed() ?? null }),
    };
    const { creditNoteId } = await this.database.transaction(tenantScope(tenant), (tx) =>
      idempotent(tx, request, async () => {
        lockSettling(tx, tenant);
        if (await isDisputed(tx, tenant, sessionId)) {
          throw precondition('BILLING_DISPUTE_OPEN', 'The driver disputes this bill: decide the dispute.');
        }
        const { creditNote } = await this.apply(tx, tenant, sessionId, change, accountId);
        return { creditNoteId: creditNote?.id };
      }),
    );
    return creditNoteId;
  }

  /**
   * In the caller's transaction, under `lockSettling`. PRECONDITION for a session that was not billed yet, and for a correction that
   * changes nothing.
   */
  async apply(
    tx: Tx,
    tenant: string,
    sessionId: string,
    change: CheckedChange,
    decidedBy: string,
  ): Promise<CorrectedBill> {
    const session = await findSession(tx, tenant, sessionId);
    if (!session?.snapshot) throw unknownSession();
    const history = await findCdrHistory(tx, tenant, sessionId);
    const [first, standing] = [history[0], history[history.length - 1]];
    if (!first || !standing) {
      throw precondition(
        'BILLING_NOT_BILLED',
        'This session is not billed yet. If it is held, decide the hold.',
      );
    }
    const decision: BillDecision = {
      ...change,
      id: this.ids.newId(),
      decidedBy,
      decidedAt: this.clock.now(),
    };
    await insertDecision(tx, tenant, { ...decision, sessionId, stage: 'CORRECTION' });
    const measuredMwh = session.energy?.energyMwh ?? first.document.energyMwh;
    const next = this.priced(first, standing, decision, { measuredMwh, reservation: session.reservation });
    const corrected = await this.replace(tx, standing, next);
    const { kind } = decision;
    tx.afterCommit(() => counter('kw_billing_decisions_total').inc({ stage: 'CORRECTION', kind }));
    return corrected;
  }

  /**
   * A bill of nobody goes to the driver who is told now: under their own price, with what a person had decided of it. In the caller's
   * transaction, under `lockSettling`.
   */
  toDriver(
    tx: Tx,
    standing: CdrRecord,
    { snapshot, quote }: { readonly snapshot: StoredSnapshot; readonly quote: QuoteRecord },
  ): Promise<CorrectedBill> {
    const { document } = standing;
    const decided = document.decision && revivedDecision(document.decision);
    const course = revivedCourse(standing.course);
    const full = priceCourse(quote, course, sha256);
    // What was too much to ask for before may be more than their price.
    const decision = decided?.inclVat?.gt(full.total.incl) ? undefined : decided;
    return this.replace(tx, standing, {
      ...{ quote, course, decision, price: priceUnder(full, decision) },
      note: 'It is known now whose session it was.',
      remark: document.remark ?? undefined,
      whose: { accountId: snapshot.accountId, snapshot },
    });
  }

  /** A credit and what takes its place, with their documents and money. */
  private async replace(tx: Tx, standing: CdrRecord, next: Replacement): Promise<CorrectedBill> {
    const { tenant, sessionId } = standing;
    const invoiced = await findInvoiceOfCdr(tx, tenant, standing.id);
    const { credit, creditNote } = await this.takeBack(tx, standing, invoiced, next.note);
    const { cdr, invoice } = await this.issue(tx, standing, next);
    for (const record of [credit, cdr]) {
      await insertCdr(tx, tenant, record);
      tx.publish(events.cdrIssued, {
        aggregateId: record.id,
        aggregateVersion: 1,
        occurredAt: record.issuedAt,
        payload: { cdr: cdrMessage(record) },
      });
    }
    await this.settle(tx, standing, creditNote, invoice);
    tx.live('session', sessionId);
    return { credit, cdr, creditNote, invoice };
  }

  /** An energy is spread like that of the first CDR; an amount is taken off what the bill of now would cost in full. */
  private priced(
    first: CdrRecord,
    standing: CdrRecord,
    decision: BillDecision,
    {
      measuredMwh,
      reservation,
    }: { readonly measuredMwh: number; readonly reservation: StoredReservation | undefined },
  ): Replacement {
    const { document } = standing;
    const quote = {
      id: document.quoteId,
      tariffId: document.tariffId,
      document: document.tariffDocument,
      tariffVersion: document.tariffVersion,
      timeZone: document.timeZone,
      hash: document.quoteHash,
    };
    const energyMwh = decision.kind === 'AS_MEASURED' ? mwh(measuredMwh) : decision.energyMwh;
    const energised =
      energyMwh === null
        ? revivedCourse(standing.course)
        : courseUnder(revivedCourse(first.course), { kind: 'ENERGY', energyMwh });
    // Told of after the first bill, it is part of the next.
    const course = reservation ? { ...energised, reservation: revivedReservation(reservation) } : energised;
    const price = priceUnder(priceCourse(quote, course, sha256), decision);
    if (price.total.incl.eq(revivedAmount(document.total).incl) && price.energyMwh === document.energyMwh) {
      throw precondition('BILLING_NOTHING_CHANGES', 'This is what the bill says already.');
    }
    const note = decisionNote(decision, mwh(measuredMwh), price.currency);
    return { quote, course, price, note, remark: note, decision, whose: standing };
  }

  private async takeBack(tx: Tx, standing: CdrRecord, invoiced: InvoiceRecord | undefined, note: string) {
    const issuedAt = this.clock.now();
    const id = this.ids.newId();
    const { document } = standing;
    const credit = { id, issuedAt };
    const creditNote =
      invoiced && (await this.makeInvoice.creditNote(tx, invoiced, { credited: document, credit, note }));
    if (!invoiced) await uncollectCdr(tx, standing.tenant, standing.id);
    const credited = creditCdr(
      { ...document, total: revivedAmount(document.total) },
      { ...credit, remark: note },
    );
    const record: CdrRecord = {
      ...standing,
      ...credit,
      document: stored(credited),
      invoiceNumber: creditNote?.number,
      kind: 'CREDIT',
      creditOf: standing.id,
      revision: standing.revision + 1,
    };
    return { credit: record, creditNote };
  }

  private async issue(tx: Tx, standing: CdrRecord, next: Replacement) {
    const { tenant, sessionId, revision } = standing;
    const { quote, course, price, remark, decision } = next;
    const { accountId, snapshot } = next.whose;
    const issuedAt = this.clock.now();
    const document = issueCdr({
      id: this.ids.newId(),
      ...{ sessionId, issuedAt, quote, price, remark, decision },
      reservationId: standing.document.reservationId,
    });
    const invoice = await this.invoiceCdr.run(tx, tenant, accountId, document);
    const cdr: CdrRecord = {
      ...standing,
      ...{ accountId, snapshot },
      id: document.id,
      issuedAt,
      document: stored(document),
      course: stored(course),
      invoiceNumber: invoice?.number,
      kind: 'CDR',
      creditOf: undefined,
      revision: revision + 2,
    };
    return { cdr, invoice };
  }

  /** What was paid comes back first, so that it pays what is owed now, and whatever else waited for money. */
  private async settle(
    tx: Tx,
    session: CdrRecord,
    creditNote: InvoiceRecord | undefined,
    invoice: InvoiceRecord | undefined,
  ): Promise<void> {
    const owed = invoice?.totalIncl.gt('0') ? invoice : undefined;
    const due = creditNote ? await this.payInvoice.settleCredit(tx, creditNote, owed) : owed;
    const open = due?.status === 'OPEN' ? due : undefined;
    const byCard = await this.cards.settle(tx, session, open);
    if (open && !byCard) await this.payInvoice.fromWallet(tx, open);
    if (invoice && !owed) await this.payInvoice.inFavour(tx, invoice);
    if (!creditNote) return;
    await this.payInvoice.openInvoices(tx, session.tenant, creditNote.accountId, creditNote.currency);
  }
}

/** Throws INVALID for what is no correction. */
export function checkedChange({
  correction: kind,
  energyWh,
  totalInclVat,
  reason,
}: BillChange): CheckedChange {
  const [energy, amount] = [energyWh ?? undefined, totalInclVat ?? undefined];
  if ((kind === 'ENERGY') !== (energy !== undefined)) {
    throw invalid('BILLING_ENERGY', 'Give energyWh with ENERGY, and only with it.');
  }
  if ((kind === 'AMOUNT') !== (amount !== undefined)) {
    throw invalid('BILLING_AMOUNT', 'Give totalInclVat with AMOUNT, and only with it.');
  }
  return {
    kind,
    energyMwh: energy === undefined ? null : decidedEnergy(energy),
    inclVat: amount ?? null,
    reason: decidedReason(reason),
  };
}
