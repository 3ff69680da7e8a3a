// What must be true of the books of a tenant whatever happened: read from the tables, judged apart from the code that wrote them.
import { RecomputeInvoice } from '../src/usecases/recompute-invoice.js';
import type { BillingRig } from './billing-rig.js';

interface InvoiceRow {
  id: string;
  number: string;
  kind: string;
  status: string;
  account_id: string;
  total_incl: string;
  card_paid: string;
  credited_incl: string;
  transfer_paid: string;
  written_off: string;
  cdr_total: string;
  cdr_kinds: string[];
}

/** One sentence per rule that is broken: sums of the ledger, gaps in numbers, money owed, figures that cannot be recomputed. */
export async function auditBooks(fleet: BillingRig, tenant: string): Promise<string[]> {
  const sql = <T>(text: string) => fleet.rig.sql<T>(text, [], tenant);
  const problems: string[] = [];
  const unbalanced = await sql<{ posting_id: string }>(
    'select posting_id from ledger_entry group by posting_id, currency having sum(amount) <> 0',
  );
  problems.push(...unbalanced.map(({ posting_id }) => `posting ${posting_id} does not sum to zero`));
  const invoices = await sql<InvoiceRow>(
    `select i.id, i.number, i.kind, i.status, i.account_id, i.total_incl::text, i.credited_incl::text, i.card_paid::text,
        i.transfer_paid::text, i.written_off::text,
        sum((c.document->'total'->>'incl')::numeric)::text as cdr_total, array_agg(distinct c.kind) as cdr_kinds
      from invoice i join invoiced_cdr o on o.invoice_id = i.id join cdr c on c.id = o.cdr_id group by i.tenant, i.id`,
  );
  problems.push(...gaps(invoices.map(({ number }) => number)));
  problems.push(...(await broken(sql)));
  for (const invoice of invoices) {
    const { number, kind, cdr_kinds: cdrKinds } = invoice;
    if (Number(invoice.total_incl) !== Number(invoice.cdr_total)) problems.push(`${number} is not its CDRs`);
    if (cdrKinds.join() !== (kind === 'INVOICE' ? 'CDR' : 'CREDIT')) {
      problems.push(`${number} is a ${kind} of a ${cdrKinds.join(' and a ')}`);
    }
    const proof = await fleet.rig.running.get(RecomputeInvoice).run(tenant, invoice.id);
    if (!proof.identical || !proof.invoiced.eq(proof.recomputed)) {
      problems.push(
        `${number} says ${proof.invoiced.toFixed()}, computed again ${proof.recomputed.toFixed()}`,
      );
    }
  }
  const standing = await sql<{ session_id: string; n: string }>(
    `select session_id, count(*) filter (where kind = 'CDR') - count(*) filter (where kind = 'CREDIT') as n from cdr group by session_id`,
  );
  problems.push(
    ...standing
      .filter(({ n }) => n !== '1')
      .map(({ session_id, n }) => `session ${session_id} has ${n} CDRs that stand`),
  );
  const owed = await sql<{ account: string; sum: string }>(
    `select account, sum(amount)::text as sum from ledger_entry where account like 'receivable:%' group by account`,
  );
  const open = new Map<string, number>();
  for (const invoice of invoices) {
    const { status, account_id: account } = invoice;
    const paid = Number(invoice.card_paid) + Number(invoice.transfer_paid);
    const rest = Number(invoice.total_incl) - Number(invoice.credited_incl) - paid;
    if (status === 'OPEN') open.set(account, (open.get(account) ?? 0) + rest);
    const lost = status === 'WRITTEN_OFF' ? rest : 0;
    if (Math.abs(Number(invoice.written_off) - lost) > 0.001)
      problems.push(`${invoice.number} lost ${invoice.written_off}, not ${lost.toFixed(2)}`);
  }
  for (const { account, sum } of owed) {
    const due = open.get(account.slice('receivable:'.length)) ?? 0;
    if (Math.abs(due - Number(sum)) > 0.001)
      problems.push(`${account} owes ${sum}, open invoices say ${due}`);
  }
  const overdrawn = await sql<{ account: string }>(
    `select account from ledger_entry where account like 'wallet:%' group by account, currency having sum(amount) > 0`,
  );
  problems.push(...overdrawn.map(({ account }) => `${account} is overdrawn`));
  return problems;
}

/**
 * On how many documents a CDR is, or waits to be. One with something to pay is on one, and so is the credit of one that was; one that was
 * credited before it came on an invoice is on none, nor is its credit.
 */
const ON_PAPER = (cdr: string) => `exists (select 1 from invoiced_cdr o where o.cdr_id = ${cdr})`;
const PLACES = `select c.id::text as id,
    (select count(*) from invoiced_cdr o join invoice i on i.id = o.invoice_id where o.cdr_id = c.id)
      + (select count(*) from collective_cdr w where w.cdr_id = c.id) as places
  from cdr c left join cdr credit on credit.credit_of = c.id
  where c.account_id <> '' and (c.document->'total'->>'incl')::numeric <> 0
    and not (credit.id is not null and not ${ON_PAPER('c.id')})
    and not (c.kind = 'CREDIT' and not ${ON_PAPER('c.credit_of')})`;

/** What single rows say of each other; a row per rule that is broken. */
const RULES: Readonly<Record<string, string>> = {
  'the last number of series % is not given': `select c.series || '-' || c.year as what from invoice_counter c
    where c.last <> (select count(*) from invoice i where i.number like c.series || '-' || c.year || '-%')`,
  'posting % has no entries': `select p.id::text as what from posting p
    where not exists (select 1 from ledger_entry e where e.posting_id = p.id)`,
  'an entry of % belongs to no posting': `select e.account as what from ledger_entry e
    where not exists (select 1 from posting p where p.id = e.posting_id)`,
  '% is booked more than once': `select reason || ' ' || reference as what from posting
    where reason <> 'TOP_UP' group by reason, reference having count(*) > 1`,
  '% is not booked as it stands': `select i.number as what from invoice i where i.total_incl <> coalesce((select sum(e.amount)
    from posting p join ledger_entry e on e.posting_id = p.id
    where p.reference = i.number and p.reason in ('INVOICE', 'CREDIT_NOTE') and e.account like 'receivable:%'), 0)`,
  'CDR % has no invoice': `select id as what from (${PLACES}) c where c.places = 0`,
  'CDR % is on several invoices': `select id as what from (${PLACES}) c where c.places > 1`,
  'invoice % has no CDR': `select i.number as what from invoice i
    where not exists (select 1 from invoiced_cdr o join cdr c on c.id = o.cdr_id where o.invoice_id = i.id)`,
  '% and its credit notes disagree': `select i.number as what from invoice i left join invoice n on n.credits_id = i.id
    where i.kind = 'INVOICE' group by i.tenant, i.id
    having coalesce(-sum(n.total_incl), 0) <> i.credited_incl or (i.total_incl <> 0 and (i.credited_incl = i.total_incl) <> (i.status = 'CREDITED'))`,
};

/** What banks took back is owed again; no sum of it stands in the books that no chargeback says. */
const CHARGEBACK_RULES: Readonly<Record<string, string>> = {
  '% owes another claim than its chargebacks say': `select coalesce(l.account_id, c.account_id) as what from
      (select substr(account, 12) as account_id, currency, sum(amount) as sum from ledger_entry
        where account like 'chargeback:%' group by 1, 2) l full join
      (select account_id, currency, sum(claim) as sum from chargeback group by 1, 2) c using (account_id, currency)
    where coalesce(l.sum, 0) <> coalesce(c.sum, 0)`,
  'chargeback % is not booked as it stands': `select c.id::text as what from chargeback c
    where c.withdrawn <> coalesce((select -sum(e.amount) from posting p join ledger_entry e on e.posting_id = p.id
        where p.reason in ('CHARGEBACK', 'CHARGEBACK_RETURNED') and p.reference like c.id || '/%' and e.account like 'clearing:%'), 0)
      or c.fee <> coalesce((select sum(e.amount) from posting p join ledger_entry e on e.posting_id = p.id
        where p.reason = 'CARD_FEE' and p.reference like c.payment_id || '/' || c.id || '/%' and e.account like 'fees:%'), 0)`,
  '% is a chargeback of no payment': `select p.reference as what from posting p
    where p.reason in ('CHARGEBACK', 'CHARGEBACK_RETURNED', 'CHARGEBACK_PAYMENT')
      and not exists (select 1 from chargeback c where p.reference like c.id || '/%')`,
  '% was charged back for more than cards paid of it': `select i.number as what from invoice i where i.card_paid < 0`,
};

/** Each invoice is owed, paid, taken back or given up; what its dunning cost stands beside it. */
const DUNNING_RULES: Readonly<Record<string, string>> = {
  'bad debt in % is not what invoices say': `select coalesce(l.currency, i.currency) as what from
      (select currency, sum(amount) as sum from ledger_entry where account = 'bad-debt' group by currency) l full join
      (select currency, sum(written_off) as sum from invoice group by currency) i using (currency)
    where coalesce(l.sum, 0) <> coalesce(i.sum, 0)`,
  '% owes other charges than its cases say': `select coalesce(l.account_id, c.account_id) as what from
      (select substr(account, 6) as account_id, currency, sum(amount) as sum from ledger_entry
        where account like 'dues:%' group by 1, 2) l full join
      (select account_id, currency, sum(fees + interest - charges_paid - charges_waived) as sum from dunning_case
        group by 1, 2) c using (account_id, currency)
    where coalesce(l.sum, 0) <> coalesce(c.sum, 0)`,
  'the case of % charged more or less than its letters': `select c.number as what from dunning_case c
      left join dunning_entry e on e.case_id = c.id group by c.tenant, c.id
    having c.fees + c.interest <> coalesce(sum(e.fee + e.interest), 0)`,
  'the history of % has gaps': `select c.number as what from dunning_case c left join dunning_entry e on e.case_id = c.id
    group by c.tenant, c.id having count(e.version) <> c.version`,
  'the case of % and its invoice disagree': `select i.number as what from invoice i left join dunning_case c on c.invoice_id = i.id
    where i.in_dunning <> (c.id is not null)
      or (i.status in ('PAID', 'CREDITED')) <> (c.state = 'SETTLED') or (i.status = 'WRITTEN_OFF') <> (c.state = 'WRITTEN_OFF')`,
  'payment % is not booked': `select p.id::text as what from invoice_payment p where p.amount <> coalesce((select sum(e.amount)
    from posting o join ledger_entry e on e.posting_id = o.id
    where o.reason = 'TRANSFER' and o.reference like '%/' || p.id and e.account = 'cash:bank'), 0)`,
};

async function broken(sql: <T>(text: string) => Promise<T[]>): Promise<string[]> {
  const problems: string[] = [];
  for (const [rule, text] of Object.entries({ ...RULES, ...CHARGEBACK_RULES, ...DUNNING_RULES })) {
    const rows = await sql<{ what: string }>(text);
    problems.push(...rows.map(({ what }) => rule.replace('%', what)));
  }
  return problems;
}

function gaps(numbers: readonly string[]): string[] {
  const series = new Map<string, number[]>();
  for (const number of numbers) {
    const [, name, sequence] = /^(.*)-(\d+)$/.exec(number)!;
    series.set(name!, [...(series.get(name!) ?? []), Number(sequence)]);
  }
  return [...series].flatMap(([name, given]) => {
    const sorted = given.sort((a, b) => a - b);
    return sorted.every((n, index) => n === index + 1) ? [] : [`series ${name} has gaps or doubles`];
  });
}
