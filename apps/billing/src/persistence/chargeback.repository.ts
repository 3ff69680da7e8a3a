import { decimal } from '@kilowatch/kernel';
import type { SortKey, Tx } from '@kilowatch/platform';
import { UNDECIDED_STATES, type ChargebackCase, type ChargebackState } from '../domain/chargeback.js';

export interface ChargebackRecord extends ChargebackCase {
  readonly tenant: string;
  readonly id: string;
  /** The provider's name for it. */
  readonly ref: string;
  readonly paymentId: string;
  readonly accountId: string;
  /** Of the payment. */
  readonly sessionId: string | undefined;
  /** The one that owes it; undefined: none does. */
  readonly invoiceId: string | undefined;
  readonly currency: string;
  /** When what is kept was asked for. */
  readonly readAt: Date;
  /** When it is looked at again; undefined: when something is told of it. */
  readonly lookAt: Date | undefined;
  readonly updatedAt: Date;
  /** Counted from 1. */
  readonly version: number;
}

interface Row {
  tenant: string;
  id: string;
  ref: string;
  payment_id: string;
  account_id: string;
  session_id: string | null;
  invoice_id: string | null;
  currency: string;
  amount: string;
  reason: string;
  state: ChargebackState;
  evidence_due_at: Date | null;
  evidence_sent: boolean;
  withdrawn: string;
  fee: string;
  claim: string;
  read_at: Date;
  look_at: Date | null;
  reminded_at: Date | null;
  opened_at: Date;
  closed_at: Date | null;
  updated_at: Date;
  version: number;
}

/** As SQL: those of an invoice `i` that nobody has decided. */
export const UNDECIDED_OF_INVOICE = (invoice: string) => `exists (select 1 from chargeback b
  where b.tenant = ${invoice}.tenant and (b.invoice_id = ${invoice}.id or b.session_id = ${invoice}.session_id)
    and b.state in (${UNDECIDED_STATES.map((state) => `'${state}'`).join(', ')}))`;

const CHANGING = `invoice_id, amount, reason, state, evidence_due_at, evidence_sent, withdrawn, fee, claim, read_at, look_at, reminded_at,
  closed_at, updated_at, version`;

function changing(one: ChargebackRecord): unknown[] {
  return [
    one.tenant,
    one.id,
    one.invoiceId ?? null,
    one.amount.toFixed(),
    one.reason,
    one.state,
    one.evidenceDueAt ?? null,
    one.evidenceSent,
    one.withdrawn.toFixed(),
    one.fee.toFixed(),
    one.claim.toFixed(),
    one.readAt,
    one.lookAt ?? null,
    one.remindedAt ?? null,
    one.closedAt ?? null,
    one.updatedAt,
    one.version,
  ];
}

export async function insertChargeback(tx: Tx, one: ChargebackRecord): Promise<void> {
  await tx.query(
    `insert into chargeback (tenant, id, ${CHANGING}, ref, payment_id, account_id, session_id, currency, opened_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`,
    [
      ...changing(one),
      ...[one.ref, one.paymentId, one.accountId, one.sessionId ?? null, one.currency, one.openedAt],
    ],
  );
}

export async function updateChargeback(tx: Tx, one: ChargebackRecord): Promise<void> {
  await tx.query(
    `update chargeback set (${CHANGING}) = ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
      where tenant = $1 and id = $2`,
    changing(one),
  );
}

export async function findChargebackByRef(
  tx: Tx,
  tenant: string,
  ref: string,
): Promise<ChargebackRecord | undefined> {
  const rows = await tx.query<Row>('select * from chargeback where tenant = $1 and ref = $2 for update', [
    tenant,
    ref,
  ]);
  return rows[0] && toChargeback(rows[0]);
}

export async function findChargebacks(
  tx: Tx,
  tenant: string,
  ids: readonly string[],
): Promise<ChargebackRecord[]> {
  const rows = await tx.query<Row>('select * from chargeback where tenant = $1 and id = any($2::uuid[])', [
    tenant,
    ids,
  ]);
  return rows.map(toChargeback);
}

/** Those of payments, in the order they were made known. */
export async function findChargebacksOfPayments(
  tx: Tx,
  tenant: string,
  paymentIds: readonly string[],
): Promise<ChargebackRecord[]> {
  const rows = await tx.query<Row>(
    'select * from chargeback where tenant = $1 and payment_id = any($2::uuid[]) order by id',
    [tenant, paymentIds],
  );
  return rows.map(toChargeback);
}

/** Of all tenants, locked against other processes until this commits. */
export async function takeDueChargebacks(tx: Tx, now: Date, limit: number): Promise<ChargebackRecord[]> {
  const rows = await tx.query<Row>(
    'select * from chargeback where look_at <= $1 order by look_at limit $2 for update skip locked',
    [now, limit],
  );
  return rows.map(toChargeback);
}

export async function lookAtChargeback(
  tx: Tx,
  { tenant, id }: Pick<ChargebackRecord, 'tenant' | 'id'>,
  at: Date,
): Promise<void> {
  await tx.query('update chargeback set look_at = $3 where tenant = $1 and id = $2', [tenant, id, at]);
}

/** Lost, and still owed beside invoices; oldest first, locked. */
export async function lostClaims(
  tx: Tx,
  tenant: string,
  accountId: string,
  currency: string,
): Promise<ChargebackRecord[]> {
  const rows = await tx.query<Row>(
    `select * from chargeback where tenant = $1 and account_id = $2 and currency = $3 and claim > 0 and state = 'LOST'
      order by id for update`,
    [tenant, accountId, currency],
  );
  return rows.map(toChargeback);
}

/** Whether the bank is being asked about a payment of it. */
export async function isChargedBack(tx: Tx, tenant: string, invoiceId: string): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from invoice i where i.tenant = $1 and i.id = $2 and ${UNDECIDED_OF_INVOICE('i')}`,
    [tenant, invoiceId],
  );
  return rows.length > 0;
}

/** Absent: any. */
export interface ChargebackFilter {
  readonly states: readonly ChargebackState[] | undefined;
  readonly accountId: string | undefined;
}

/** Latest first. Ids are made in order of time. */
export async function listChargebacks(
  tx: Tx,
  tenant: string,
  { states, accountId }: ChargebackFilter,
  page: { limit: number; after: SortKey | undefined },
): Promise<{ rows: ChargebackRecord[]; total: number }> {
  const where =
    'tenant = $1 and ($2::text[] is null or state = any($2)) and ($3::text is null or account_id = $3)';
  const bounds = [tenant, states ?? null, accountId ?? null];
  const rows = await tx.query<Row>(
    `select * from chargeback where ${where} and ($4::uuid is null or id < $4) order by id desc limit $5`,
    [...bounds, page.after?.[0] ?? null, page.limit],
  );
  const total = await tx.query<{ n: string }>(`select count(*) as n from chargeback where ${where}`, bounds);
  return { rows: rows.map(toChargeback), total: Number(total[0]?.n ?? 0) };
}

function toChargeback(row: Row): ChargebackRecord {
  return {
    tenant: row.tenant,
    id: row.id,
    ref: row.ref,
    paymentId: row.payment_id,
    accountId: row.account_id,
    sessionId: row.session_id ?? undefined,
    invoiceId: row.invoice_id ?? undefined,
    currency: row.currency,
    amount: decimal(row.amount),
    reason: row.reason,
    state: row.state,
    evidenceDueAt: row.evidence_due_at ?? undefined,
    evidenceSent: row.evidence_sent,
    withdrawn: decimal(row.withdrawn),
    fee: decimal(row.fee),
    claim: decimal(row.claim),
    readAt: row.read_at,
    lookAt: row.look_at ?? undefined,
    remindedAt: row.reminded_at ?? undefined,
    openedAt: row.opened_at,
    closedAt: row.closed_at ?? undefined,
    updatedAt: row.updated_at,
    version: row.version,
  };
}
