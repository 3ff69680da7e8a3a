import { type Decimal, decimal, groupBy } from '@kilowatch/kernel';
import { gathered, type SortKey, type Tx } from '@kilowatch/platform';
import type { Invoice } from '../domain/invoice.js';
import type { Stored } from '../domain/stored.js';
import { UNDECIDED_OF_INVOICE } from './chargeback.repository.js';

/** CREDITED: a credit note took it back, paid or not. A credit note is PAID: into the wallet, or set off against what was owed. WRITTEN_OFF: given up. */
export type InvoiceStatus = 'OPEN' | 'PAID' | 'CREDITED' | 'WRITTEN_OFF';
export type InvoiceKind = 'INVOICE' | 'CREDIT_NOTE';
export type PaymentMethod = 'WALLET' | 'TRANSFER' | 'CARD' | 'OFFSET';

export interface InvoiceRecord {
  readonly tenant: string;
  readonly id: string;
  readonly number: string;
  readonly kind: InvoiceKind;
  /** Id of the invoice that a credit note takes back. */
  readonly creditsId: string | undefined;
  readonly accountId: string;
  /** Of an invoice over one session; a collective invoice has none. */
  readonly sessionId: string | undefined;
  readonly issuedAt: Date;
  readonly currency: string;
  readonly totalIncl: Decimal;
  /** What credit notes took back of it. */
  readonly creditedIncl: Decimal;
  readonly document: Stored<Invoice>;
  /** From when on it is overdue. */
  readonly dueAt: Date | undefined;
  readonly status: InvoiceStatus;
  readonly paidAt: Date | undefined;
  readonly paymentMethod: PaymentMethod | undefined;
  /** What cards paid of it so far; while it is OPEN the rest is owed. */
  readonly cardPaid: Decimal;
  /** What transfers paid of it so far, where they did not pay it at once; of one that was reopened all that no card paid. */
  readonly transferPaid: Decimal;
  /** Of WRITTEN_OFF: what has not come back since. */
  readonly writtenOff: Decimal;
  /** It was overdue and has a case (dunning_case). */
  readonly inDunning: boolean;
  /** How often it was paid and is owed again, because a bank took the payment back. */
  readonly reopened: number;
}

/** A CDR, or the credit of one, and the document it is on. */
export interface InvoicedCdr {
  readonly cdrId: string;
  readonly sessionId: string;
}

/** In the order of the lines. */
export interface NewInvoice extends InvoiceRecord {
  readonly cdrs: readonly InvoicedCdr[];
}

interface Row {
  tenant: string;
  id: string;
  number: string;
  kind: InvoiceKind;
  credits_id: string | null;
  account_id: string;
  session_id: string | null;
  issued_at: Date;
  currency: string;
  total_incl: string;
  credited_incl: string;
  document: Stored<Invoice>;
  due_at: Date | null;
  status: InvoiceStatus;
  paid_at: Date | null;
  payment_method: PaymentMethod | null;
  card_paid: string;
  transfer_paid: string;
  written_off: string;
  in_dunning: boolean;
  reopened: number;
}

/** What there is to pay of an open invoice, or was of a paid one. */
export function owedOf({
  totalIncl,
  creditedIncl,
  cardPaid,
  transferPaid,
  writtenOff,
}: InvoiceRecord): Decimal {
  return totalIncl.minus(creditedIncl).minus(cardPaid).minus(transferPaid).minus(writtenOff);
}

export interface NumberWanted {
  readonly series: string;
  readonly year: number;
  /** Whose invoice it is for. */
  readonly cdrId: string;
}

/**
 * The next numbers of a series, one for each CDR. The series' row stays locked until this transaction commits, and a transaction
 * that fails gives its numbers back: no gap, no number twice.
 */
export const nextInvoiceSequence = gathered<NumberWanted, number>(
  ({ cdrId }) => cdrId,
  async (tx, tenant, wanted) => {
    const numbers = new Map<string, number>();
    for (const ofSeries of groupBy(wanted, ({ series, year }) => `${series}|${year}`).values()) {
      const { series, year } = ofSeries[0]!;
      const rows = await tx.query<{ last: string }>(
        `insert into invoice_counter as held (tenant, series, year, last) values ($1, $2, $3, $4)
          on conflict on constraint invoice_counter_pk do update set last = held.last + excluded.last returning last`,
        [tenant, series, year, ofSeries.length],
      );
      const first = Number(rows[0]!.last) - ofSeries.length + 1;
      ofSeries.forEach(({ cdrId }, index) => numbers.set(cdrId, first + index));
    }
    return numbers;
  },
);

const COLUMNS =
  'tenant, id, number, kind, credits_id, account_id, session_id, cdr_id, issued_at, currency, total_incl, document, status, due_at';

export const insertInvoice = gathered<NewInvoice>(
  ({ number }) => number,
  async (tx, tenant, invoices) => {
    const rows = invoices.map((invoice) => ({
      tenant: invoice.tenant,
      id: invoice.id,
      number: invoice.number,
      kind: invoice.kind,
      credits_id: invoice.creditsId ?? null,
      account_id: invoice.accountId,
      session_id: invoice.sessionId ?? null,
      cdr_id: invoice.sessionId === undefined ? null : invoice.cdrs[0]!.cdrId,
      issued_at: invoice.issuedAt,
      currency: invoice.currency,
      total_incl: invoice.totalIncl.toFixed(),
      document: invoice.document,
      status: invoice.status,
      due_at: invoice.dueAt ?? null,
    }));
    await tx.query(
      `insert into invoice (${COLUMNS}) select ${COLUMNS} from json_populate_recordset(null::invoice, $1::json)`,
      [JSON.stringify(rows)],
    );
    // Invoices over one CDR and credit notes have theirs by a trigger. What is on another document is refused.
    const collected = invoices.filter(({ sessionId }) => sessionId === undefined);
    const cdrs = collected.flatMap(({ id, cdrs: ofInvoice }) =>
      ofInvoice.map((cdr, index) => ({ ...cdr, invoiceId: id, position: index + 1 })),
    );
    if (cdrs.length === 0) return;
    await tx.query(
      `insert into invoiced_cdr (tenant, cdr_id, invoice_id, session_id, position)
        select $1, * from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::int[])`,
      [
        tenant,
        cdrs.map(({ cdrId }) => cdrId),
        cdrs.map(({ invoiceId }) => invoiceId),
        cdrs.map(({ sessionId }) => sessionId),
        cdrs.map(({ position }) => position),
      ],
    );
  },
);

export interface Payment {
  readonly invoiceId: string;
  readonly method: PaymentMethod;
  readonly reference: string;
  readonly at: Date;
}

export const markInvoicePaid = gathered<Payment>(
  ({ invoiceId }) => invoiceId,
  async (tx, tenant, payments) => {
    await tx.query(
      `update invoice set status = 'PAID', paid_at = p.at, payment_method = p.method, payment_reference = p.reference
        from unnest($2::uuid[], $3::timestamptz[], $4::text[], $5::text[]) as p (id, at, method, reference)
        where invoice.tenant = $1 and invoice.id = p.id`,
      [
        tenant,
        payments.map(({ invoiceId }) => invoiceId),
        payments.map(({ at }) => at),
        payments.map(({ method }) => method),
        payments.map(({ reference }) => reference),
      ],
    );
  },
);

/** It was paid and is owed again: what cards, and what others paid of it, is left. */
export async function reopenInvoice(
  tx: Tx,
  tenant: string,
  id: string,
  { cardPaid, transferPaid }: Pick<InvoiceRecord, 'cardPaid' | 'transferPaid'>,
): Promise<void> {
  await tx.query(
    `update invoice set status = 'OPEN', paid_at = null, payment_method = null, payment_reference = null, card_paid = $3,
        transfer_paid = $4, reopened = reopened + 1 where tenant = $1 and id = $2`,
    [tenant, id, cardPaid.toFixed(), transferPaid.toFixed()],
  );
}

export async function setCardPaid(tx: Tx, tenant: string, id: string, amount: Decimal): Promise<void> {
  await tx.query('update invoice set card_paid = $3 where tenant = $1 and id = $2', [
    tenant,
    id,
    amount.toFixed(),
  ]);
}

/** Takes back so much of it; of all of it nothing is owed any more. When and how it was paid stays. */
export async function markInvoiceCredited(
  tx: Tx,
  tenant: string,
  id: string,
  amount: Decimal,
): Promise<void> {
  await tx.query(
    `update invoice set credited_incl = credited_incl + $3::numeric,
        status = case when credited_incl + $3::numeric = total_incl then 'CREDITED' else status end
      where tenant = $1 and id = $2`,
    [tenant, id, amount.toFixed()],
  );
}

/** The invoice a CDR is on, or the credit note of a credit. */
export async function findInvoiceOfCdr(
  tx: Tx,
  tenant: string,
  cdrId: string,
): Promise<InvoiceRecord | undefined> {
  const rows = await tx.query<Row>(
    `select i.* from invoiced_cdr c join invoice i on i.tenant = c.tenant and i.id = c.invoice_id
      where c.tenant = $1 and c.cdr_id = $2`,
    [tenant, cdrId],
  );
  return rows[0] && toInvoice(rows[0]);
}

export async function findInvoiceForUpdate(
  tx: Tx,
  tenant: string,
  id: string,
): Promise<InvoiceRecord | undefined> {
  const rows = await tx.query<Row>('select * from invoice where tenant = $1 and id = $2 for update', [
    tenant,
    id,
  ]);
  return rows[0] && toInvoice(rows[0]);
}

/** As SQL: a card is being asked for the invoice, or for its session. */
export const CARD_ASKED_FOR = (
  invoice: string,
) => `(exists (select 1 from payment p where p.tenant = ${invoice}.tenant
    and p.session_id = ${invoice}.session_id and p.state in ('PENDING', 'UNKNOWN', 'REQUIRES_ACTION', 'AUTHORISED'))
  or exists (select 1 from payment p where p.tenant = ${invoice}.tenant and p.invoice_id = ${invoice}.id and p.purpose = 'INVOICE'
    and p.state in ('PENDING', 'UNKNOWN', 'REQUIRES_ACTION', 'AUTHORISED')))`;

/** Oldest first, locked. What is disputed, here or at a bank, or a card is being asked for, is not asked for. */
export async function openInvoicesForUpdate(
  tx: Tx,
  tenant: string,
  accountId: string,
  currency: string,
): Promise<InvoiceRecord[]> {
  const rows = await tx.query<Row>(
    `select * from invoice where tenant = $1 and account_id = $2 and currency = $3 and status = 'OPEN'
        and not exists (select 1 from dispute d where d.tenant = invoice.tenant and d.invoice_id = invoice.id and d.state = 'OPEN')
        and not ${UNDECIDED_OF_INVOICE('invoice')}
        and not ${CARD_ASKED_FOR('invoice')}
      order by id for update`,
    [tenant, accountId, currency],
  );
  return rows.map(toInvoice);
}

export async function findInvoices(tx: Tx, tenant: string, ids: readonly string[]): Promise<InvoiceRecord[]> {
  const rows = await tx.query<Row>('select * from invoice where tenant = $1 and id = any($2::uuid[])', [
    tenant,
    ids,
  ]);
  return rows.map(toInvoice);
}

/** An invoice or credit note, and what of the session is on it. */
export interface InvoiceOfSession extends InvoicedCdr {
  readonly invoice: InvoiceRecord;
}

/** Invoices and credit notes, in the order they were issued. */
export async function findInvoicesOfSessions(
  tx: Tx,
  tenant: string,
  sessionIds: readonly string[],
): Promise<InvoiceOfSession[]> {
  const links = await tx.query<{ session_id: string; cdr_id: string; invoice_id: string }>(
    `select session_id, cdr_id, invoice_id from invoiced_cdr where tenant = $1 and session_id = any($2::uuid[])
      order by session_id, invoice_id`,
    [tenant, sessionIds],
  );
  // A collective invoice is read once, however many of its sessions are asked for.
  const found = await findInvoices(tx, tenant, [...new Set(links.map((link) => link.invoice_id))]);
  const invoices = new Map(found.map((invoice) => [invoice.id, invoice]));
  return links.map((link) => ({
    sessionId: link.session_id,
    cdrId: link.cdr_id,
    invoice: invoices.get(link.invoice_id)!,
  }));
}

/** What is on an invoice, in the order of its lines; `after`: behind that position. */
export async function findInvoicedCdrs(
  tx: Tx,
  tenant: string,
  invoiceId: string,
  page: { limit: number; after: number } = { limit: 100_000, after: 0 },
): Promise<(InvoicedCdr & { readonly position: number })[]> {
  const rows = await tx.query<{ session_id: string; cdr_id: string; position: number }>(
    `select session_id, cdr_id, position from invoiced_cdr where tenant = $1 and invoice_id = $2 and position > $3
      order by position limit $4`,
    [tenant, invoiceId, page.after, page.limit],
  );
  return rows.map((row) => ({ sessionId: row.session_id, cdrId: row.cdr_id, position: row.position }));
}

/** Absent: any. */
export interface InvoiceFilter {
  readonly accountId?: string | undefined;
  readonly status?: InvoiceStatus | undefined;
  /** Those that are overdue at that time. */
  readonly overdueAt?: Date | undefined;
}

/** Latest first. Ids are made in order of time. */
export async function listInvoices(
  tx: Tx,
  tenant: string,
  { accountId, status, overdueAt }: InvoiceFilter,
  page: { limit: number; after: SortKey | undefined },
): Promise<{ rows: InvoiceRecord[]; total: number }> {
  const where = `tenant = $1 and ($2::text is null or account_id = $2) and ($3::text is null or status = $3)
    and ($4::timestamptz is null or (status = 'OPEN' and due_at <= $4))`;
  const bounds = [tenant, accountId ?? null, status ?? null, overdueAt ?? null];
  const rows = await tx.query<Row>(
    `select * from invoice where ${where} and ($5::uuid is null or id < $5) order by id desc limit $6`,
    [...bounds, page.after?.[0] ?? null, page.limit],
  );
  const total = await tx.query<{ n: string }>(`select count(*) as n from invoice where ${where}`, bounds);
  return { rows: rows.map(toInvoice), total: Number(total[0]?.n ?? 0) };
}

function toInvoice(row: Row): InvoiceRecord {
  return {
    tenant: row.tenant,
    id: row.id,
    number: row.number,
    kind: row.kind,
    creditsId: row.credits_id ?? undefined,
    accountId: row.account_id,
    sessionId: row.session_id ?? undefined,
    issuedAt: row.issued_at,
    currency: row.currency,
    totalIncl: decimal(row.total_incl),
    // Credited by a version before: all of it.
    creditedIncl: decimal(row.status === 'CREDITED' ? row.total_incl : row.credited_incl),
    document: row.document,
    dueAt: row.due_at ?? undefined,
    status: row.status,
    paidAt: row.paid_at ?? undefined,
    paymentMethod: row.payment_method ?? undefined,
    cardPaid: decimal(row.card_paid),
    transferPaid: decimal(row.transfer_paid),
    writtenOff: decimal(row.written_off),
    inDunning: row.in_dunning,
    reopened: row.reopened,
  };
}
