import { type Decimal, decimal, groupBy } from '@kilowatch/kernel';
import { gathered, type SortKey, type Tx } from '@kilowatch/platform';
import type { Invoice } from '../domain/invoice.js';
import type { Stored } from '../domain/stored.js';

/** CREDITED: a credit note took it back, paid or not. A credit note is PAID: into the wallet, or set off against what was owed. */
export type InvoiceStatus = 'OPEN' | 'PAID' | 'CREDITED';
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
  readonly sessionId: string;
  readonly cdrId: string;
  readonly issuedAt: Date;
  readonly currency: string;
  readonly totalIncl: Decimal;
  readonly document: Stored<Invoice>;
  readonly status: InvoiceStatus;
  readonly paidAt: Date | undefined;
  readonly paymentMethod: PaymentMethod | undefined;
  /** What cards paid of it so far; while it is OPEN the rest is owed. */
  readonly cardPaid: Decimal;
}

interface Row {
  tenant: string;
  id: string;
  number: string;
  kind: InvoiceKind;
  credits_id: string | null;
  account_id: string;
  session_id: string;
  cdr_id: string;
  issued_at: Date;
  currency: string;
  total_incl: string;
  document: Stored<Invoice>;
  status: InvoiceStatus;
  paid_at: Date | null;
  payment_method: PaymentMethod | null;
  card_paid: string;
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
  'tenant, id, number, kind, credits_id, account_id, session_id, cdr_id, issued_at, currency, total_incl, document, status';

export const insertInvoice = gathered<InvoiceRecord>(
  ({ number }) => number,
  async (tx, _tenant, invoices) => {
    const rows = invoices.map((invoice) => ({
      tenant: invoice.tenant,
      id: invoice.id,
      number: invoice.number,
      kind: invoice.kind,
      credits_id: invoice.creditsId ?? null,
      account_id: invoice.accountId,
      session_id: invoice.sessionId,
      cdr_id: invoice.cdrId,
      issued_at: invoice.issuedAt,
      currency: invoice.currency,
      total_incl: invoice.totalIncl.toFixed(),
      document: invoice.document,
      status: invoice.status,
    }));
    await tx.query(
      `insert into invoice (${COLUMNS}) select ${COLUMNS} from json_populate_recordset(null::invoice, $1::json)`,
      [JSON.stringify(rows)],
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

export async function setCardPaid(tx: Tx, tenant: string, id: string, amount: Decimal): Promise<void> {
  await tx.query('update invoice set card_paid = $3 where tenant = $1 and id = $2', [
    tenant,
    id,
    amount.toFixed(),
  ]);
}

/** It is owed no more. When and how it was paid stays. */
export async function markInvoiceCredited(tx: Tx, tenant: string, id: string): Promise<void> {
  await tx.query(`update invoice set status = 'CREDITED' where tenant = $1 and id = $2`, [tenant, id]);
}

export async function findInvoiceOfCdr(
  tx: Tx,
  tenant: string,
  cdrId: string,
): Promise<InvoiceRecord | undefined> {
  const rows = await tx.query<Row>('select * from invoice where tenant = $1 and cdr_id = $2', [
    tenant,
    cdrId,
  ]);
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

/** Oldest first, locked. What is disputed, or a card is being asked for, is not asked for. */
export async function openInvoicesForUpdate(
  tx: Tx,
  tenant: string,
  accountId: string,
  currency: string,
): Promise<InvoiceRecord[]> {
  const rows = await tx.query<Row>(
    `select * from invoice where tenant = $1 and account_id = $2 and currency = $3 and status = 'OPEN'
        and not exists (select 1 from dispute d where d.tenant = invoice.tenant and d.invoice_id = invoice.id and d.state = 'OPEN')
        and not exists (select 1 from payment p where p.tenant = invoice.tenant and p.session_id = invoice.session_id
          and p.state in ('PENDING', 'UNKNOWN', 'REQUIRES_ACTION', 'AUTHORISED'))
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

/** Invoices and credit notes, in the order they were issued. */
export async function findInvoicesOfSessions(
  tx: Tx,
  tenant: string,
  sessionIds: readonly string[],
): Promise<InvoiceRecord[]> {
  const rows = await tx.query<Row>(
    'select * from invoice where tenant = $1 and session_id = any($2::uuid[]) order by session_id, id',
    [tenant, sessionIds],
  );
  return rows.map(toInvoice);
}

/** Latest first. Ids are made in order of time. */
export async function listInvoices(
  tx: Tx,
  tenant: string,
  accountId: string | undefined,
  page: { limit: number; after: SortKey | undefined },
): Promise<{ rows: InvoiceRecord[]; total: number }> {
  const where = 'tenant = $1 and ($2::text is null or account_id = $2)';
  const rows = await tx.query<Row>(
    `select * from invoice where ${where} and ($3::uuid is null or id < $3) order by id desc limit $4`,
    [tenant, accountId ?? null, page.after?.[0] ?? null, page.limit],
  );
  const total = await tx.query<{ n: string }>(`select count(*) as n from invoice where ${where}`, [
    tenant,
    accountId ?? null,
  ]);
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
    sessionId: row.session_id,
    cdrId: row.cdr_id,
    issuedAt: row.issued_at,
    currency: row.currency,
    totalIncl: decimal(row.total_incl),
    document: row.document,
    status: row.status,
    paidAt: row.paid_at ?? undefined,
    paymentMethod: row.payment_method ?? undefined,
    cardPaid: decimal(row.card_paid),
  };
}
