import { query } from './deep-books.js';

/** What must be true of the money whatever happened (P4): a sentence per rule, a row per case in which it is broken. */
const RULES: Readonly<Record<string, string>> = {
  'posting % does not sum to zero': `select posting_id::text as what from billing.ledger_entry
    group by tenant, posting_id, currency having sum(amount) <> 0`,
  '% is booked more than once': `select reason || ' ' || reference as what from billing.posting where reason <> 'TOP_UP'
    group by tenant, reason, reference having count(*) > 1`,
  'session % does not have one CDR that stands': `select session_id::text as what from billing.cdr group by tenant, session_id
    having count(*) filter (where kind = 'CDR') - count(*) filter (where kind = 'CREDIT') <> 1`,
  'the numbers of series % have gaps or doubles': `select c.series || '-' || c.year as what from billing.invoice_counter c
    left join billing.invoice i on i.tenant = c.tenant and i.number like c.series || '-' || c.year || '-%'
    group by c.tenant, c.series, c.year, c.last
    having count(i.number) <> c.last or count(distinct i.number) <> c.last`,
  '% is not its CDRs': `select i.number as what from billing.invoice i
    left join billing.invoiced_cdr o on o.tenant = i.tenant and o.invoice_id = i.id
    left join billing.cdr c on c.tenant = o.tenant and c.id = o.cdr_id
    group by i.tenant, i.id having i.total_incl <> coalesce(sum((c.document->'total'->>'incl')::numeric), 0)`,
  '% is not booked as it stands': `select i.number as what from billing.invoice i where i.total_incl <> coalesce((select sum(e.amount)
    from billing.posting p join billing.ledger_entry e on e.tenant = p.tenant and e.posting_id = p.id
    where p.tenant = i.tenant and p.reference = i.number and p.reason in ('INVOICE', 'CREDIT_NOTE') and e.account like 'receivable:%'), 0)`,
  'chargeback % is not booked as it stands': `select c.id::text as what from billing.chargeback c where c.withdrawn <> coalesce((
    select -sum(e.amount) from billing.posting p join billing.ledger_entry e on e.tenant = p.tenant and e.posting_id = p.id
    where p.tenant = c.tenant and p.reason in ('CHARGEBACK', 'CHARGEBACK_RETURNED') and p.reference like c.id || '/%'
      and e.account like 'clearing:%'), 0)`,
};

export async function brokenBooks(adminUrl: string): Promise<string[]> {
  const problems: string[] = [];
  for (const [rule, text] of Object.entries(RULES)) {
    const rows = await query<{ what: string }>(adminUrl, text);
    problems.push(...rows.map(({ what }) => rule.replace('%', what)));
  }
  return problems;
}
