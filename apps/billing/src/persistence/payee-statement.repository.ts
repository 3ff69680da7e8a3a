import { type Decimal, decimal } from '@kilowatch/kernel';
import type { SortKey, Tx } from '@kilowatch/platform';
import type { CalendarMonth } from '../domain/calendar-month.js';
import type { StatementFigures } from '../domain/payee-statement.js';
import type { Stored } from '../domain/stored.js';

export type StatementState = 'ISSUED' | 'PAID';

/** As it was on the day it was issued: payee and lines. */
export interface StatementDocument extends StatementFigures {
  readonly payee: { readonly name: string; readonly address: string; readonly vatId: string };
}

export interface PayeeStatement {
  readonly tenant: string;
  readonly id: string;
  readonly payeeId: string;
  readonly number: string;
  readonly month: CalendarMonth;
  readonly currency: string;
  readonly document: Stored<StatementDocument>;
  readonly due: Decimal;
  readonly carriedOut: Decimal;
  readonly issuedAt: Date;
  readonly state: StatementState;
  readonly paidReference: string | undefined;
  readonly paidBy: string | undefined;
  readonly paidAt: Date | undefined;
}

interface Row {
  tenant: string;
  id: string;
  payee_id: string;
  number: string;
  month: string;
  currency: string;
  document: Stored<StatementDocument>;
  due: string;
  carried_out: string;
  issued_at: Date;
  state: StatementState;
  paid_reference: string | null;
  paid_by: string | null;
  paid_at: Date | null;
}

export async function insertStatement(tx: Tx, statement: PayeeStatement): Promise<void> {
  const { tenant, id, payeeId, number, month, currency, document, due, carriedOut, issuedAt } = statement;
  await tx.query(
    `insert into payee_statement (tenant, id, payee_id, number, month, currency, document, due, carried_out, issued_at, state)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[
        tenant,
        id,
        payeeId,
        number,
        month,
        currency,
        JSON.stringify(document),
        due.toFixed(),
        carriedOut.toFixed(),
      ],
      ...[issuedAt, statement.state],
    ],
  );
}

/** What the latest statement leaves for the next. */
export async function carriedTo(tx: Tx, tenant: string, payeeId: string): Promise<Decimal> {
  const rows = await tx.query<{ carried_out: string }>(
    'select carried_out from payee_statement where tenant = $1 and payee_id = $2 order by month desc limit 1',
    [tenant, payeeId],
  );
  return decimal(rows[0]?.carried_out ?? '0');
}

export async function findStatement(
  tx: Tx,
  tenant: string,
  id: string,
  lock: '' | 'for update' = '',
): Promise<PayeeStatement | undefined> {
  const rows = await tx.query<Row>(`select * from payee_statement where tenant = $1 and id = $2 ${lock}`, [
    tenant,
    id,
  ]);
  return rows[0] && toStatement(rows[0]);
}

export async function markStatementPaid(
  tx: Tx,
  { tenant, id }: Pick<PayeeStatement, 'tenant' | 'id'>,
  { reference, by, at }: { readonly reference: string; readonly by: string; readonly at: Date },
): Promise<void> {
  await tx.query(
    `update payee_statement set state = 'PAID', paid_reference = $3, paid_by = $4, paid_at = $5 where tenant = $1 and id = $2`,
    [tenant, id, reference, by, at],
  );
}

/** Latest first; of one payee, or of all. */
export async function listStatements(
  tx: Tx,
  tenant: string,
  filter: { readonly payeeId: string | undefined; readonly state: StatementState | undefined },
  page: { limit: number; after: SortKey | undefined },
): Promise<PayeeStatement[]> {
  const rows = await tx.query<Row>(
    `select * from payee_statement where tenant = $1 and ($2::uuid is null or payee_id = $2) and ($3::text is null or state = $3)
        and ($4::uuid is null or id < $4) order by id desc limit $5`,
    [tenant, filter.payeeId ?? null, filter.state ?? null, page.after?.[0] ?? null, page.limit],
  );
  return rows.map(toStatement);
}

function toStatement(row: Row): PayeeStatement {
  return {
    tenant: row.tenant,
    id: row.id,
    payeeId: row.payee_id,
    number: row.number,
    month: row.month,
    currency: row.currency,
    document: row.document,
    due: decimal(row.due),
    carriedOut: decimal(row.carried_out),
    issuedAt: row.issued_at,
    state: row.state,
    paidReference: row.paid_reference ?? undefined,
    paidBy: row.paid_by ?? undefined,
    paidAt: row.paid_at ?? undefined,
  };
}
