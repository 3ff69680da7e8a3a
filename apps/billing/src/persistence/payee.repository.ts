import { type Decimal, decimal } from '@kilowatch/kernel';
import type { SortKey, Tx } from '@kilowatch/platform';
import type { CalendarMonth } from '../domain/calendar-month.js';
import type { PayeeTerm, PayeeTermKind, StatedRevenue } from '../domain/payee-statement.js';

/** Who gets a part of what is earned at a place. */
export interface Payee {
  readonly tenant: string;
  readonly id: string;
  readonly name: string;
  readonly address: string;
  /** Empty: none. */
  readonly vatId: string;
  readonly currency: string;
  /** The next to be stated. */
  readonly month: CalendarMonth;
  readonly dueAt: Date;
  readonly updatedBy: string;
  readonly updatedAt: Date;
}

export interface AgreedTerm extends PayeeTerm {
  readonly payeeId: string;
  readonly reason: string;
  readonly agreedBy: string;
  readonly agreedAt: Date;
  readonly endReason: string | undefined;
}

interface PayeeRow {
  tenant: string;
  id: string;
  name: string;
  address: string;
  vat_id: string;
  currency: string;
  month: string;
  due_at: Date;
  updated_by: string;
  updated_at: Date;
}

/** Month and due time of a payee that is there stay. */
export async function savePayee(tx: Tx, payee: Payee): Promise<void> {
  await tx.query(
    `insert into payee (tenant, id, name, address, vat_id, currency, month, due_at, updated_by, updated_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      on conflict on constraint payee_pk do update set name = excluded.name, address = excluded.address, vat_id = excluded.vat_id,
        updated_by = excluded.updated_by, updated_at = excluded.updated_at`,
    [
      ...[payee.tenant, payee.id, payee.name, payee.address, payee.vatId, payee.currency, payee.month],
      ...[payee.dueAt, payee.updatedBy, payee.updatedAt],
    ],
  );
}

export async function findPayee(tx: Tx, tenant: string, id: string): Promise<Payee | undefined> {
  const rows = await tx.query<PayeeRow>(
    'select * from payee where tenant = $1 and id = $2 for no key update',
    [tenant, id],
  );
  return rows[0] && toPayee(rows[0]);
}

/** In the order in which they were added. */
export async function listPayees(
  tx: Tx,
  tenant: string,
  page: { limit: number; after: SortKey | undefined },
): Promise<Payee[]> {
  const rows = await tx.query<PayeeRow>(
    'select * from payee where tenant = $1 and ($2::uuid is null or id > $2) order by id limit $3',
    [tenant, page.after?.[0] ?? null, page.limit],
  );
  return rows.map(toPayee);
}

/** Whose month is over, locked. */
export async function duePayees(tx: Tx, now: Date, limit: number): Promise<Payee[]> {
  const rows = await tx.query<PayeeRow>(
    'select * from payee where due_at <= $1 order by due_at limit $2 for update skip locked',
    [now, limit],
  );
  return rows.map(toPayee);
}

export async function setPayeeDue(
  tx: Tx,
  { tenant, id }: Pick<Payee, 'tenant' | 'id'>,
  month: CalendarMonth,
  dueAt: Date,
): Promise<void> {
  await tx.query('update payee set month = $3, due_at = $4 where tenant = $1 and id = $2', [
    tenant,
    id,
    month,
    dueAt,
  ]);
}

interface TermRow {
  id: string;
  payee_id: string;
  location_id: string;
  kind: PayeeTermKind;
  value: string;
  first_month: string;
  last_month: string | null;
  reason: string;
  agreed_by: string;
  agreed_at: Date;
  end_reason: string | null;
}

export async function insertTerm(tx: Tx, tenant: string, term: AgreedTerm): Promise<void> {
  await tx.query(
    `insert into payee_term (tenant, id, payee_id, location_id, kind, value, first_month, last_month, reason, agreed_by, agreed_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[tenant, term.id, term.payeeId, term.locationId, term.kind, term.value.toFixed(), term.firstMonth],
      ...[term.lastMonth ?? null, term.reason, term.agreedBy, term.agreedAt],
    ],
  );
}

export async function endTerm(
  tx: Tx,
  tenant: string,
  id: string,
  end: { readonly lastMonth: CalendarMonth; readonly reason: string; readonly by: string; readonly at: Date },
): Promise<void> {
  await tx.query(
    'update payee_term set last_month = $3, end_reason = $4, ended_by = $5, ended_at = $6 where tenant = $1 and id = $2',
    [tenant, id, end.lastMonth, end.reason, end.by, end.at],
  );
}

export async function findTerm(tx: Tx, tenant: string, id: string): Promise<AgreedTerm | undefined> {
  const rows = await tx.query<TermRow>('select * from payee_term where tenant = $1 and id = $2', [
    tenant,
    id,
  ]);
  return rows[0] && toTerm(rows[0]);
}

/** Of each payee, in the order in which they were agreed. */
export async function termsOfPayees(
  tx: Tx,
  tenant: string,
  payeeIds: readonly string[],
): Promise<AgreedTerm[]> {
  const rows = await tx.query<TermRow>(
    'select * from payee_term where tenant = $1 and payee_id = any($2::uuid[]) order by id',
    [tenant, payeeIds],
  );
  return rows.map(toTerm);
}

interface RevenueRow {
  term_id: string;
  location_id: string;
  location_name: string;
  kind: PayeeTermKind;
  value: string;
  correction: boolean;
  sessions: string;
  energy_mwh: string;
  energy_net: string;
}

/**
 * What was booked in a month of `timeZone` at the locations of a payee, in its currency. A CDR is booked with the invoice or credit note it
 * is on; one of a roaming partner, or over nothing, by itself. The term is that of the month in which the session was first billed.
 */
export async function revenueOfPayee(
  tx: Tx,
  { tenant, id, currency }: Pick<Payee, 'tenant' | 'id' | 'currency'>,
  month: CalendarMonth,
  { from, to, timeZone }: { readonly from: Date; readonly to: Date; readonly timeZone: string },
): Promise<StatedRevenue[]> {
  const rows = await tx.query<RevenueRow>(
    `with places as (select distinct location_id from payee_term where tenant = $1 and payee_id = $2),
      booked as (
        select r.*, i.issued_at as booked_at from invoice i
            join invoiced_cdr d on d.tenant = i.tenant and d.invoice_id = i.id
            join cdr_revenue r on r.tenant = d.tenant and r.cdr_id = d.cdr_id
          where i.tenant = $1 and i.issued_at >= $4 and i.issued_at < $5 and r.currency = $3 and r.location_id in (select * from places)
        union all
        select r.*, r.issued_at from cdr_revenue r
          where r.tenant = $1 and r.issued_at >= $4 and r.issued_at < $5 and r.currency = $3 and r.location_id in (select * from places)
            and (r.account_id = '' or (r.net = 0 and r.tax = 0))
            and not exists (select 1 from invoiced_cdr d where d.tenant = r.tenant and d.cdr_id = r.cdr_id)),
      dated as (
        select b.*, to_char(f.issued_at at time zone $6, 'YYYY-MM') as first_billed, f.cdr_id = b.cdr_id as is_first
          from booked b cross join lateral (
            select f.cdr_id, f.issued_at from cdr_revenue f where f.tenant = b.tenant and f.session_id = b.session_id
              order by f.issued_at, f.cdr_id limit 1) f)
      select t.id as term_id, t.location_id, max(d.location_name) as location_name, t.kind, t.value::text,
          (not d.is_first and d.first_billed < $7) as correction, sum(d.sign) as sessions, sum(d.energy_mwh) as energy_mwh,
          sum(d.energy_net)::text as energy_net
        from dated d join payee_term t on t.tenant = d.tenant and t.payee_id = $2 and t.location_id = d.location_id
          and t.first_month <= d.first_billed and (t.last_month is null or t.last_month >= d.first_billed)
        group by t.id, t.location_id, t.kind, t.value, 6 order by correction, max(d.location_name), t.id`,
    [tenant, id, currency, from, to, timeZone, month],
  );
  return rows.map((row) => ({
    termId: row.term_id,
    locationId: row.location_id,
    locationName: row.location_name,
    kind: row.kind,
    value: short(row.value),
    correction: row.correction,
    sessions: Number(row.sessions),
    energyMwh: Number(row.energy_mwh),
    energyNet: decimal(row.energy_net),
  }));
}

/** A column has more decimals than were typed. */
const short = (text: string): Decimal => decimal(text.includes('.') ? text.replace(/\.?0+$/, '') : text);

function toPayee(row: PayeeRow): Payee {
  return {
    tenant: row.tenant,
    id: row.id,
    name: row.name,
    address: row.address,
    vatId: row.vat_id,
    currency: row.currency,
    month: row.month,
    dueAt: row.due_at,
    updatedBy: row.updated_by,
    updatedAt: row.updated_at,
  };
}

function toTerm(row: TermRow): AgreedTerm {
  return {
    id: row.id,
    payeeId: row.payee_id,
    locationId: row.location_id,
    kind: row.kind,
    value: short(row.value),
    firstMonth: row.first_month,
    lastMonth: row.last_month ?? undefined,
    reason: row.reason,
    agreedBy: row.agreed_by,
    agreedAt: row.agreed_at,
    endReason: row.end_reason ?? undefined,
  };
}
