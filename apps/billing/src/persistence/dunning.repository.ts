import { type Decimal, decimal } from '@kilowatch/kernel';
import { gatheredRead, pgArray, type SortKey, type Tx } from '@kilowatch/platform';
import type { DunningCase, DunningState } from '../domain/dunning.js';

export interface CaseRecord extends DunningCase {
  readonly tenant: string;
  readonly id: string;
  readonly invoiceId: string;
  /** Of the invoice. */
  readonly number: string;
  readonly accountId: string;
  readonly currency: string;
  readonly openedAt: Date;
  readonly updatedAt: Date;
  /** Counted from 1; each has an entry of the history. */
  readonly version: number;
}

/** What happened to a case. PAYMENT: of a part. RECOVERY: of what was given up. REOPENED: a bank took the payment back. */
export type DunningChange =
  | ('OPENED' | 'LETTER' | 'PAUSED' | 'RESUMED' | 'COLLECTION' | 'WRITTEN_OFF' | 'SETTLED')
  | ('PAYMENT' | 'RECOVERY' | 'CHARGES_PAID' | 'CHARGES_WAIVED' | 'REOPENED');

export interface CaseEntry {
  readonly version: number;
  readonly at: Date;
  readonly change: DunningChange;
  readonly state: DunningState;
  readonly level: number;
  /** Of the invoice, after it. */
  readonly owed: Decimal;
  readonly fee: Decimal;
  readonly interest: Decimal;
  /** Paid, recovered, waived or given up. */
  readonly amount: Decimal;
  /** Undefined: it came by itself. */
  readonly by: string | undefined;
  readonly reason: string;
}

interface Row {
  tenant: string;
  id: string;
  invoice_id: string;
  number: string;
  account_id: string;
  currency: string;
  state: DunningState;
  level: number;
  blocks: boolean;
  counted_from: string;
  interest_to: string;
  paused_on: string | null;
  paused_until: string | null;
  collected: boolean;
  fees: string;
  interest: string;
  charges_paid: string;
  charges_waived: string;
  look_at: Date | null;
  opened_at: Date;
  updated_at: Date;
  version: number;
}

export interface OverdueInvoice {
  readonly tenant: string;
  readonly invoiceId: string;
}

/** Invoices that are overdue and have no case, locked. */
export async function overdueInvoices(tx: Tx, now: Date, limit: number): Promise<OverdueInvoice[]> {
  const rows = await tx.query<{ tenant: string; id: string }>(
    `select tenant, id from invoice where status = 'OPEN' and not in_dunning and due_at is not null and due_at <= $1
      order by due_at limit $2 for update skip locked`,
    [now, limit],
  );
  return rows.map(({ tenant, id }) => ({ tenant, invoiceId: id }));
}

export interface DueCase {
  readonly tenant: string;
  readonly id: string;
  readonly invoiceId: string;
}

/** Cases to look at. It is their invoices that are locked: whoever pays one holds it before its case. */
export async function dueCases(tx: Tx, now: Date, limit: number): Promise<DueCase[]> {
  const rows = await tx.query<{ tenant: string; id: string; invoice_id: string }>(
    `select c.tenant, c.id, c.invoice_id from dunning_case c join invoice i on i.tenant = c.tenant and i.id = c.invoice_id
      where c.look_at <= $1 order by c.look_at limit $2 for update of i skip locked`,
    [now, limit],
  );
  return rows.map((row) => ({ tenant: row.tenant, id: row.id, invoiceId: row.invoice_id }));
}

export async function lookLater(tx: Tx, { tenant, id }: DueCase, at: Date): Promise<void> {
  await tx.query('update dunning_case set look_at = $3 where tenant = $1 and id = $2', [tenant, id, at]);
}

/** All that letters may follow for, after other settings. */
export async function lookAtAllCases(tx: Tx, tenant: string, at: Date): Promise<void> {
  await tx.query("update dunning_case set look_at = $2 where tenant = $1 and state = 'ACTIVE'", [tenant, at]);
}

export async function insertCase(tx: Tx, record: CaseRecord): Promise<void> {
  await tx.query(
    `insert into dunning_case (tenant, id, ${CHANGING}, invoice_id, number, account_id, currency, opened_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)`,
    [
      ...changing(record),
      record.invoiceId,
      record.number,
      record.accountId,
      record.currency,
      record.openedAt,
    ],
  );
  await tx.query('update invoice set in_dunning = true where tenant = $1 and id = $2', [
    record.tenant,
    record.invoiceId,
  ]);
}

export async function updateCase(tx: Tx, record: CaseRecord): Promise<void> {
  await tx.query(
    `update dunning_case set (${CHANGING}) = ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
      where tenant = $1 and id = $2`,
    changing(record),
  );
}

const CHANGING = `state, level, blocks, counted_from, interest_to, paused_on, paused_until, collected, fees, interest, charges_paid,
  charges_waived, look_at, updated_at, version`;

function changing(record: CaseRecord): unknown[] {
  return [
    record.tenant,
    record.id,
    record.state,
    record.level,
    record.blocks,
    record.countedFrom,
    record.interestTo,
    record.pausedOn ?? null,
    record.pausedUntil ?? null,
    record.collected,
    record.fees.toFixed(),
    record.interest.toFixed(),
    record.chargesPaid.toFixed(),
    record.chargesWaived.toFixed(),
    record.lookAt ?? null,
    record.updatedAt,
    record.version,
  ];
}

export async function insertEntry(tx: Tx, tenant: string, caseId: string, entry: CaseEntry): Promise<void> {
  await tx.query(
    `insert into dunning_entry (tenant, case_id, version, at, change, state, level, owed, fee, interest, amount, by_account, reason)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      tenant,
      caseId,
      entry.version,
      entry.at,
      entry.change,
      entry.state,
      entry.level,
      entry.owed.toFixed(),
      entry.fee.toFixed(),
      entry.interest.toFixed(),
      entry.amount.toFixed(),
      entry.by ?? null,
      entry.reason,
    ],
  );
}

/** The caller holds the invoice. */
export async function findCaseOfInvoice(
  tx: Tx,
  tenant: string,
  invoiceId: string,
): Promise<CaseRecord | undefined> {
  const rows = await tx.query<Row>(
    'select * from dunning_case where tenant = $1 and invoice_id = $2 for update',
    [tenant, invoiceId],
  );
  return rows[0] && toCase(rows[0]);
}

export const casesOfInvoices = gatheredRead<string, CaseRecord>(
  (invoiceId) => invoiceId,
  async (tx, tenant, invoiceIds) => {
    const rows = await tx.query<Row>(
      'select * from dunning_case where tenant = $1 and invoice_id = any($2::uuid[])',
      [tenant, invoiceIds],
    );
    return new Map(rows.map((row) => [row.invoice_id, toCase(row)]));
  },
);

export async function findCase(tx: Tx, tenant: string, id: string): Promise<CaseRecord | undefined> {
  const rows = await tx.query<Row>('select * from dunning_case where tenant = $1 and id = $2', [tenant, id]);
  return rows[0] && toCase(rows[0]);
}

/** Cases of an account with fees or interest that are still to be paid, oldest first; locked, unless they are only shown. */
export async function casesWithCharges(
  tx: Tx,
  tenant: string,
  accountId: string,
  currency: string,
  how: 'locked' | 'seen' = 'locked',
): Promise<CaseRecord[]> {
  const rows = await tx.query<Row>(
    `select * from dunning_case where tenant = $1 and account_id = $2 and currency = $3
        and fees + interest > charges_paid + charges_waived order by id ${how === 'locked' ? 'for update' : ''}`,
    [tenant, accountId, currency],
  );
  return rows.map(toCase);
}

/** Who may start nothing because of an invoice: not while it is disputed. */
export const blockedByDunning = gatheredRead<string, true>(
  (accountId) => accountId,
  async (tx, tenant, accountIds) => {
    const rows = await tx.query<{ account_id: string }>(
      `select distinct account_id from dunning_case c
        where tenant = $1 and account_id = any($2::text[]) and blocks and state not in ('PAUSED', 'SETTLED')
          and not exists (select 1 from dispute d where d.tenant = c.tenant and d.invoice_id = c.invoice_id and d.state = 'OPEN')`,
      [tenant, pgArray.text(accountIds)],
    );
    return new Map(rows.map((row) => [row.account_id, true]));
  },
);

export interface CaseFilter {
  readonly accountId?: string | undefined;
  readonly state?: DunningState | undefined;
  readonly level?: number | undefined;
}

/** Latest first. Ids are made in order of time. */
export async function listCases(
  tx: Tx,
  tenant: string,
  { accountId, state, level }: CaseFilter,
  page: { readonly limit: number; readonly after: SortKey | undefined },
): Promise<{ rows: CaseRecord[]; total: number }> {
  const where = `tenant = $1 and ($2::text is null or account_id = $2) and ($3::text is null or state = $3)
    and ($4::int is null or level = $4)`;
  const bounds = [tenant, accountId ?? null, state ?? null, level ?? null];
  const rows = await tx.query<Row>(
    `select * from dunning_case where ${where} and ($5::uuid is null or id < $5) order by id desc limit $6`,
    [...bounds, page.after?.[0] ?? null, page.limit],
  );
  const total = await tx.query<{ n: string }>(
    `select count(*) as n from dunning_case where ${where}`,
    bounds,
  );
  return { rows: rows.map(toCase), total: Number(total[0]?.n ?? 0) };
}

/** Oldest first. */
export async function entriesOf(tx: Tx, tenant: string, caseId: string): Promise<CaseEntry[]> {
  const rows = await tx.query<Record<'owed' | 'fee' | 'interest' | 'amount' | 'reason', string> & EntryRow>(
    'select * from dunning_entry where tenant = $1 and case_id = $2 order by version limit 200',
    [tenant, caseId],
  );
  return rows.map(({ version, at, change, state, level, by_account: by, reason, ...amounts }) => ({
    ...{ version, at, change, state, level, reason },
    owed: decimal(amounts.owed),
    fee: decimal(amounts.fee),
    interest: decimal(amounts.interest),
    amount: decimal(amounts.amount),
    by: by ?? undefined,
  }));
}

interface EntryRow {
  version: number;
  at: Date;
  change: DunningChange;
  state: DunningState;
  level: number;
  by_account: string | null;
}

function toCase(row: Row): CaseRecord {
  return {
    tenant: row.tenant,
    id: row.id,
    invoiceId: row.invoice_id,
    number: row.number,
    accountId: row.account_id,
    currency: row.currency,
    state: row.state,
    level: row.level,
    blocks: row.blocks,
    countedFrom: row.counted_from,
    interestTo: row.interest_to,
    pausedOn: row.paused_on ?? undefined,
    pausedUntil: row.paused_until ?? undefined,
    collected: row.collected,
    fees: decimal(row.fees),
    interest: decimal(row.interest),
    chargesPaid: decimal(row.charges_paid),
    chargesWaived: decimal(row.charges_waived),
    lookAt: row.look_at ?? undefined,
    openedAt: row.opened_at,
    updatedAt: row.updated_at,
    version: row.version,
  };
}
