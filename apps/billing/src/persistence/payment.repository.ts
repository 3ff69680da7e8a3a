import { decimal, type Decimal } from '@kilowatch/kernel';
import type { SortKey, Tx } from '@kilowatch/platform';
import {
  LIVE_STATES,
  type PaymentCase,
  type PaymentOperation,
  type PaymentPurpose,
  type PaymentState,
} from '../domain/payment.js';

export interface PaymentRecord extends PaymentCase {
  readonly tenant: string;
  readonly id: string;
  readonly accountId: string;
  readonly sessionId: string | undefined;
  readonly invoiceId: string | undefined;
  readonly cardId: string;
  readonly currency: string;
  /** What of `captured` is in the ledger. */
  readonly booked: Decimal;
  readonly fee: Decimal | null;
  /** Counts the operations: part of the key each is asked under. */
  readonly round: number;
  /** Questions since something new was heard. */
  readonly attempts: number;
  readonly dueAt: Date | null;
  readonly failureCode: string | null;
  /** Whether the driver is there to confirm it. */
  readonly attended: boolean;
  /** Counts the reservations of a session, from 1. */
  readonly part: number;
  /** Id of the reservation whose place it takes. */
  readonly renews: string | undefined;
  readonly version: number;
  readonly updatedAt: Date;
}

interface Row {
  tenant: string;
  id: string;
  account_id: string;
  purpose: PaymentPurpose;
  session_id: string | null;
  invoice_id: string | null;
  card_id: string;
  currency: string;
  amount: string;
  goal: string | null;
  state: PaymentState;
  captured: string;
  refunded: string;
  closed: boolean;
  booked: string;
  fee: string | null;
  operation: PaymentOperation | null;
  round: number;
  asked_at: Date | null;
  attempts: number;
  due_at: Date | null;
  provider_ref: string | null;
  authorised_until: Date | null;
  failure_code: string | null;
  attended: boolean;
  part: number;
  renews: string | null;
  renewed: boolean;
  version: string;
  created_at: Date;
  updated_at: Date;
}

/** False when there is one already: that part of the session's, or one under way for the invoice. */
export async function insertPayment(tx: Tx, payment: PaymentRecord): Promise<boolean> {
  const rows = await tx.query(
    `insert into payment (tenant, id, account_id, purpose, session_id, invoice_id, card_id, currency, amount, goal, state, captured,
        refunded, closed, booked, round, attempts, due_at, attended, version, created_at, updated_at, part, renews)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, false, 0, 0, 0, $12, $13, 1, $14, $14, $15, $16)
      on conflict do nothing returning id`,
    [
      payment.tenant,
      payment.id,
      payment.accountId,
      payment.purpose,
      payment.sessionId ?? null,
      payment.invoiceId ?? null,
      payment.cardId,
      payment.currency,
      payment.amount.toFixed(),
      payment.goal?.toFixed() ?? null,
      payment.state,
      payment.dueAt,
      payment.attended,
      payment.createdAt,
      payment.part,
      payment.renews ?? null,
    ],
  );
  return rows.length > 0;
}

export async function updatePayment(tx: Tx, payment: PaymentRecord): Promise<void> {
  await tx.query(
    `update payment set goal = $3, state = $4, captured = $5, refunded = $6, closed = $7, booked = $8, fee = $9, operation = $10,
        round = $11, asked_at = $12, attempts = $13, due_at = $14, provider_ref = $15, authorised_until = $16, failure_code = $17,
        version = $18, updated_at = $19, renewed = $20
      where tenant = $1 and id = $2`,
    [
      payment.tenant,
      payment.id,
      payment.goal?.toFixed() ?? null,
      payment.state,
      payment.captured.toFixed(),
      payment.refunded.toFixed(),
      payment.closed,
      payment.booked.toFixed(),
      payment.fee?.toFixed() ?? null,
      payment.operation,
      payment.round,
      payment.askedAt,
      payment.attempts,
      payment.dueAt,
      payment.providerRef,
      payment.authorisedUntil,
      payment.failureCode,
      payment.version,
      payment.updatedAt,
      payment.renewed,
    ],
  );
}

/** Of all tenants, locked against other processes until this commits. */
export async function takeDuePayments(tx: Tx, now: Date, limit: number): Promise<PaymentRecord[]> {
  const rows = await tx.query<Row>(
    'select * from payment where due_at <= $1 order by due_at limit $2 for update skip locked',
    [now, limit],
  );
  return rows.map(toPayment);
}

export async function postponePayment(tx: Tx, { tenant, id }: PaymentRecord, dueAt: Date): Promise<void> {
  await tx.query('update payment set due_at = $3 where tenant = $1 and id = $2', [tenant, id, dueAt]);
}

export async function findPaymentForUpdate(
  tx: Tx,
  tenant: string,
  id: string,
): Promise<PaymentRecord | undefined> {
  const rows = await tx.query<Row>('select * from payment where tenant = $1 and id = $2 for update', [
    tenant,
    id,
  ]);
  return rows[0] && toPayment(rows[0]);
}

/** Whose the payments are that the provider calls so, of all tenants; what is nobody's is left out. */
export async function tenantsOfPayments(
  tx: Tx,
  providerRefs: readonly string[],
): Promise<Map<string, string>> {
  if (providerRefs.length === 0) return new Map();
  const rows = await tx.query<{ tenant: string; provider_ref: string }>(
    'select tenant, provider_ref from payment where provider_ref = any($1)',
    [providerRefs],
  );
  return new Map(rows.map((row) => [row.provider_ref, row.tenant]));
}

export async function findPaymentByRef(
  tx: Tx,
  tenant: string,
  providerRef: string,
): Promise<PaymentRecord | undefined> {
  const rows = await tx.query<Row>('select * from payment where tenant = $1 and provider_ref = $2', [
    tenant,
    providerRef,
  ]);
  return rows[0] && toPayment(rows[0]);
}

export async function findPayments(tx: Tx, tenant: string, ids: readonly string[]): Promise<PaymentRecord[]> {
  const rows = await tx.query<Row>('select * from payment where tenant = $1 and id = any($2::uuid[])', [
    tenant,
    ids,
  ]);
  return rows.map(toPayment);
}

/** Of a session and its invoices, in the order they were made. */
export async function findPaymentsOfSessions(
  tx: Tx,
  tenant: string,
  sessionIds: readonly string[],
): Promise<PaymentRecord[]> {
  const rows = await tx.query<Row>(
    'select * from payment where tenant = $1 and session_id = any($2::uuid[]) order by session_id, id',
    [tenant, sessionIds],
  );
  return rows.map(toPayment);
}

/** The same, locked. */
export async function paymentsOfSessionForUpdate(
  tx: Tx,
  tenant: string,
  sessionId: string,
): Promise<PaymentRecord[]> {
  const rows = await tx.query<Row>(
    'select * from payment where tenant = $1 and session_id = $2 order by id for update',
    [tenant, sessionId],
  );
  return rows.map(toPayment);
}

/** Of an invoice that is over no single session, in the order they were made. */
export async function findPaymentsOfInvoices(
  tx: Tx,
  tenant: string,
  invoiceIds: readonly string[],
): Promise<PaymentRecord[]> {
  const rows = await tx.query<Row>(
    `select * from payment where tenant = $1 and invoice_id = any($2::uuid[]) and session_id is null order by invoice_id, id`,
    [tenant, invoiceIds],
  );
  return rows.map(toPayment);
}

/** The same of one, locked. */
export async function paymentsOfInvoiceForUpdate(
  tx: Tx,
  tenant: string,
  invoiceId: string,
): Promise<PaymentRecord[]> {
  const rows = await tx.query<Row>(
    'select * from payment where tenant = $1 and invoice_id = $2 and session_id is null order by id for update',
    [tenant, invoiceId],
  );
  return rows.map(toPayment);
}

export interface PaymentFilter {
  readonly accountId: string | undefined;
  readonly sessionId: string | undefined;
  readonly state: PaymentState | undefined;
}

/** Latest first. Ids are made in order of time. */
export async function listPayments(
  tx: Tx,
  tenant: string,
  { accountId, sessionId, state }: PaymentFilter,
  page: { limit: number; after: SortKey | undefined },
): Promise<PaymentRecord[]> {
  const rows = await tx.query<Row>(
    `select * from payment where tenant = $1 and ($2::text is null or account_id = $2) and ($3::uuid is null or session_id = $3)
        and ($4::text is null or state = $4) and ($5::uuid is null or id < $5) order by id desc limit $6`,
    [tenant, accountId ?? null, sessionId ?? null, state ?? null, page.after?.[0] ?? null, page.limit],
  );
  return rows.map(toPayment);
}

/** Sessions of these that have a payment by card that may still take money. */
export async function hasLivePayment(tx: Tx, tenant: string, sessionId: string): Promise<boolean> {
  const rows = await tx.query(
    'select 1 from payment where tenant = $1 and session_id = $2 and state = any($3) limit 1',
    [tenant, sessionId, LIVE_STATES],
  );
  return rows.length > 0;
}

function toPayment(row: Row): PaymentRecord {
  return {
    tenant: row.tenant,
    id: row.id,
    accountId: row.account_id,
    purpose: row.purpose,
    sessionId: row.session_id ?? undefined,
    invoiceId: row.invoice_id ?? undefined,
    cardId: row.card_id,
    currency: row.currency,
    amount: decimal(row.amount),
    goal: row.goal === null ? null : decimal(row.goal),
    state: row.state,
    captured: decimal(row.captured),
    refunded: decimal(row.refunded),
    closed: row.closed,
    booked: decimal(row.booked),
    fee: row.fee === null ? null : decimal(row.fee),
    feeKnown: row.fee !== null,
    operation: row.operation,
    round: row.round,
    askedAt: row.asked_at,
    attempts: row.attempts,
    dueAt: row.due_at,
    providerRef: row.provider_ref,
    authorisedUntil: row.authorised_until,
    failureCode: row.failure_code,
    attended: row.attended,
    part: row.part,
    renews: row.renews ?? undefined,
    renewed: row.renewed,
    version: Number(row.version),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
