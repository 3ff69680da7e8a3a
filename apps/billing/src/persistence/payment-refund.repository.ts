import { decimal, type Decimal } from '@kilowatch/kernel';
import type { Tx } from '@kilowatch/platform';
import type { RefundState } from '../domain/refund.js';

export interface RefundRecord {
  readonly tenant: string;
  readonly id: string;
  readonly paymentId: string;
  readonly accountId: string;
  readonly currency: string;
  readonly amount: Decimal;
  readonly state: RefundState;
  /** For people: the credit note's number, or what the operator wrote. */
  readonly reason: string;
  readonly requestedBy: string | undefined;
  readonly providerRef: string | undefined;
  readonly failureCode: string | undefined;
  readonly askedAt: Date | null;
  readonly attempts: number;
  readonly dueAt: Date | null;
  readonly createdAt: Date;
}

interface Row {
  tenant: string;
  id: string;
  payment_id: string;
  account_id: string;
  currency: string;
  amount: string;
  state: RefundState;
  reason: string;
  requested_by: string | null;
  provider_ref: string | null;
  failure_code: string | null;
  asked_at: Date | null;
  attempts: number;
  due_at: Date | null;
  created_at: Date;
}

export async function insertRefund(tx: Tx, refund: RefundRecord): Promise<void> {
  await tx.query(
    `insert into payment_refund (tenant, id, payment_id, account_id, currency, amount, state, reason, requested_by, provider_ref,
        attempts, due_at, created_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12)`,
    [
      refund.tenant,
      refund.id,
      refund.paymentId,
      refund.accountId,
      refund.currency,
      refund.amount.toFixed(),
      refund.state,
      refund.reason,
      refund.requestedBy ?? null,
      refund.providerRef ?? null,
      refund.dueAt,
      refund.createdAt,
    ],
  );
}

export async function updateRefund(tx: Tx, refund: RefundRecord): Promise<void> {
  await tx.query(
    `update payment_refund set state = $3, provider_ref = $4, failure_code = $5, asked_at = $6, attempts = $7, due_at = $8
      where tenant = $1 and id = $2`,
    [
      refund.tenant,
      refund.id,
      refund.state,
      refund.providerRef ?? null,
      refund.failureCode ?? null,
      refund.askedAt,
      refund.attempts,
      refund.dueAt,
    ],
  );
}

export async function takeDueRefunds(tx: Tx, now: Date, limit: number): Promise<RefundRecord[]> {
  const rows = await tx.query<Row>(
    'select * from payment_refund where due_at <= $1 order by due_at limit $2 for update skip locked',
    [now, limit],
  );
  return rows.map(toRefund);
}

export async function findRefundForUpdate(
  tx: Tx,
  tenant: string,
  id: string,
): Promise<RefundRecord | undefined> {
  const rows = await tx.query<Row>('select * from payment_refund where tenant = $1 and id = $2 for update', [
    tenant,
    id,
  ]);
  return rows[0] && toRefund(rows[0]);
}

export async function findRefundsOfPayments(
  tx: Tx,
  tenant: string,
  paymentIds: readonly string[],
): Promise<RefundRecord[]> {
  const rows = await tx.query<Row>(
    'select * from payment_refund where tenant = $1 and payment_id = any($2::uuid[]) order by payment_id, id',
    [tenant, paymentIds],
  );
  return rows.map(toRefund);
}

function toRefund(row: Row): RefundRecord {
  return {
    tenant: row.tenant,
    id: row.id,
    paymentId: row.payment_id,
    accountId: row.account_id,
    currency: row.currency,
    amount: decimal(row.amount),
    state: row.state,
    reason: row.reason,
    requestedBy: row.requested_by ?? undefined,
    providerRef: row.provider_ref ?? undefined,
    failureCode: row.failure_code ?? undefined,
    askedAt: row.asked_at,
    attempts: row.attempts,
    dueAt: row.due_at,
    createdAt: row.created_at,
  };
}
