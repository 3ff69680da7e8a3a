import { type Decimal, decimal } from '@kilowatch/kernel';
import { gathered, type Tx } from '@kilowatch/platform';
import type { CalendarMonth } from '../domain/calendar-month.js';
import type { CollectiveMonth } from '../domain/collective.js';

/** Whose sessions an invoice collects. */
export interface Collection {
  readonly accountId: string;
  readonly currency: string;
}

export interface DueMonth extends Collection {
  readonly tenant: string;
  readonly month: CalendarMonth;
}

interface WaitingCdr extends Collection, CollectiveMonth {
  readonly cdrId: string;
}

/**
 * Puts CDRs on the invoice of their month; no answer: that was issued already. Under `lockSettling`, as is who issues it: the row of a
 * month is never locked here, since its job holds it while it waits for that.
 */
export const collectCdr = gathered<WaitingCdr, true>(
  ({ cdrId }) => cdrId,
  async (tx, tenant, cdrs) => {
    const columns = [
      tenant,
      cdrs.map(({ cdrId }) => cdrId),
      cdrs.map(({ accountId }) => accountId),
      cdrs.map(({ currency }) => currency),
      cdrs.map(({ month }) => month),
      cdrs.map(({ dueAt }) => dueAt),
    ];
    const rows = await tx.query<{ cdr_id: string }>(
      `with told as (
          select * from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
            as t (cdr_id, account_id, currency, month, due_at)),
        months as (
          insert into collective_month (tenant, account_id, currency, month, due_at)
            select distinct $1, account_id, currency, month, due_at from told order by account_id, currency, month
            on conflict do nothing returning account_id, currency, month),
        waiting as (
          select * from months union
          select m.account_id, m.currency, m.month from collective_month m join told using (account_id, currency, month)
            where m.tenant = $1 and m.due_at is not null)
        insert into collective_cdr (tenant, cdr_id, account_id, currency, month)
          select $1, cdr_id, account_id, currency, month from told join waiting using (account_id, currency, month)
          returning cdr_id`,
      columns,
    );
    return new Map(rows.map((row) => [row.cdr_id, true]));
  },
);

/** It waits for no invoice any more: it was credited before there was one. */
export async function uncollectCdr(tx: Tx, tenant: string, cdrId: string): Promise<void> {
  await tx.query('delete from collective_cdr where tenant = $1 and cdr_id = $2', [tenant, cdrId]);
}

/** Months whose invoice is due, locked. */
export async function dueMonths(tx: Tx, now: Date, limit: number): Promise<DueMonth[]> {
  const rows = await tx.query<{ tenant: string; account_id: string; currency: string; month: string }>(
    `select tenant, account_id, currency, month from collective_month where due_at <= $1
      order by due_at, tenant, account_id limit $2 for update skip locked`,
    [now, limit],
  );
  return rows.map((row) => ({
    tenant: row.tenant,
    accountId: row.account_id,
    currency: row.currency,
    month: row.month,
  }));
}

/** Takes the CDRs of a month out of what waits. */
export async function takeCollected(
  tx: Tx,
  { tenant, accountId, currency, month }: DueMonth,
): Promise<string[]> {
  const rows = await tx.query<{ cdr_id: string }>(
    `delete from collective_cdr where tenant = $1 and account_id = $2 and currency = $3 and month = $4 returning cdr_id`,
    [tenant, accountId, currency, month],
  );
  return rows.map((row) => row.cdr_id);
}

/** The month has its invoice; undefined: there was nothing for one. What comes later belongs to another. */
export async function closeMonth(tx: Tx, due: DueMonth, invoiceId: string | undefined): Promise<void> {
  await tx.query(
    `update collective_month set due_at = null, invoice_id = $5
      where tenant = $1 and account_id = $2 and currency = $3 and month = $4`,
    [due.tenant, due.accountId, due.currency, due.month, invoiceId ?? null],
  );
}

export async function postponeMonth(tx: Tx, due: DueMonth, dueAt: Date): Promise<void> {
  await tx.query(
    `update collective_month set due_at = $5 where tenant = $1 and account_id = $2 and currency = $3 and month = $4`,
    [due.tenant, due.accountId, due.currency, due.month, dueAt],
  );
}

/** What waits for a collective invoice: it is owed, though nobody asked for it yet. */
export async function collectedSum(
  tx: Tx,
  tenant: string,
  { accountId, currency }: Collection,
): Promise<Decimal> {
  const rows = await tx.query<{ sum: string }>(
    `select coalesce(sum((c.document->'total'->>'incl')::numeric), 0)::text as sum from collective_cdr w
        join cdr c on c.tenant = w.tenant and c.id = w.cdr_id
      where w.tenant = $1 and w.account_id = $2 and w.currency = $3`,
    [tenant, accountId, currency],
  );
  return decimal(rows[0]!.sum);
}

/** The months that CDRs wait for, by their id. */
export async function monthsOfCdrs(
  tx: Tx,
  tenant: string,
  cdrIds: readonly string[],
): Promise<Map<string, CollectiveMonth>> {
  const rows = await tx.query<{ cdr_id: string; month: string; due_at: Date }>(
    `select c.cdr_id, c.month, m.due_at from collective_cdr c
        join collective_month m using (tenant, account_id, currency, month)
      where c.tenant = $1 and c.cdr_id = any($2::uuid[])`,
    [tenant, cdrIds],
  );
  return new Map(rows.map((row) => [row.cdr_id, { month: row.month, dueAt: row.due_at }]));
}
