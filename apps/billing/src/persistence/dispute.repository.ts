import { type Decimal, decimal } from '@kilowatch/kernel';
import type { SortKey, Tx } from '@kilowatch/platform';
import type { Dispute, DisputeReason, DisputeState } from '../domain/dispute.js';

interface Row {
  id: string;
  session_id: string;
  invoice_id: string;
  account_id: string;
  reason: DisputeReason;
  text: string;
  state: DisputeState;
  opened_at: Date;
  decided_at: Date | null;
  decided_by: string | null;
  answer: string | null;
}

/** False when the invoice was disputed before. */
export async function insertDispute(tx: Tx, tenant: string, dispute: Dispute): Promise<boolean> {
  const rows = await tx.query(
    `insert into dispute (tenant, id, session_id, invoice_id, account_id, reason, text, state, opened_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict on constraint dispute_invoice do nothing returning id`,
    [
      tenant,
      dispute.id,
      dispute.sessionId,
      dispute.invoiceId,
      dispute.accountId,
      dispute.reason,
      dispute.text,
      dispute.state,
      dispute.openedAt,
    ],
  );
  return rows.length > 0;
}

export async function findDisputeForUpdate(tx: Tx, tenant: string, id: string): Promise<Dispute | undefined> {
  const rows = await tx.query<Row>('select * from dispute where tenant = $1 and id = $2 for update', [
    tenant,
    id,
  ]);
  return rows[0] && toDispute(rows[0]);
}

export async function closeDispute(
  tx: Tx,
  tenant: string,
  dispute: Pick<Dispute, 'id' | 'state' | 'decidedAt' | 'decidedBy' | 'answer'>,
): Promise<void> {
  await tx.query(
    'update dispute set state = $3, decided_at = $4, decided_by = $5, answer = $6 where tenant = $1 and id = $2',
    [tenant, dispute.id, dispute.state, dispute.decidedAt, dispute.decidedBy, dispute.answer],
  );
}

/** Of the account, in its currency: what nobody asks for until it is decided. Of an invoice never more than is still open. */
export async function disputedSum(
  tx: Tx,
  tenant: string,
  { accountId, currency }: { readonly accountId: string; readonly currency: string },
): Promise<Decimal> {
  const rows = await tx.query<{ sum: string }>(
    `select coalesce(sum(greatest(0, least(of_invoice.disputed, of_invoice.remaining))), 0)::text as sum
      from (select sum((c.document->'total'->>'incl')::numeric) as disputed,
          i.total_incl - i.credited_incl - i.transfer_paid - i.card_paid as remaining from dispute d
        join invoice i on i.tenant = d.tenant and i.id = d.invoice_id and i.status = 'OPEN' and i.currency = $3
        join invoiced_cdr o on o.tenant = d.tenant and o.invoice_id = d.invoice_id and o.session_id = d.session_id
        join cdr c on c.tenant = o.tenant and c.id = o.cdr_id
        where d.tenant = $1 and d.account_id = $2 and d.state = 'OPEN'
        group by i.tenant, i.id) as of_invoice`,
    [tenant, accountId, currency],
  );
  return decimal(rows[0]!.sum);
}

export async function isDisputed(tx: Tx, tenant: string, sessionId: string): Promise<boolean> {
  const rows = await tx.query(
    "select 1 from dispute where tenant = $1 and session_id = $2 and state = 'OPEN' limit 1",
    [tenant, sessionId],
  );
  return rows.length > 0;
}

/** In the order they were opened. */
export async function findDisputesOfSessions(
  tx: Tx,
  tenant: string,
  sessionIds: readonly string[],
): Promise<Dispute[]> {
  const rows = await tx.query<Row>(
    'select * from dispute where tenant = $1 and session_id = any($2::uuid[]) order by session_id, id',
    [tenant, sessionIds],
  );
  return rows.map(toDispute);
}

/** Latest first. Ids are made in order of time. */
export async function listDisputes(
  tx: Tx,
  tenant: string,
  filter: { accountId: string | undefined; state: DisputeState | undefined },
  page: { limit: number; after: SortKey | undefined },
): Promise<{ rows: Dispute[]; total: number }> {
  const where = 'tenant = $1 and ($2::text is null or account_id = $2) and ($3::text is null or state = $3)';
  const bounds = [tenant, filter.accountId ?? null, filter.state ?? null];
  const rows = await tx.query<Row>(
    `select * from dispute where ${where} and ($4::uuid is null or id < $4) order by id desc limit $5`,
    [...bounds, page.after?.[0] ?? null, page.limit],
  );
  const total = await tx.query<{ n: string }>(`select count(*) as n from dispute where ${where}`, bounds);
  return { rows: rows.map(toDispute), total: Number(total[0]?.n ?? 0) };
}

function toDispute(row: Row): Dispute {
  return {
    id: row.id,
    sessionId: row.session_id,
    invoiceId: row.invoice_id,
    accountId: row.account_id,
    reason: row.reason,
    text: row.text,
    state: row.state,
    openedAt: row.opened_at,
    decidedAt: row.decided_at ?? undefined,
    decidedBy: row.decided_by ?? undefined,
    answer: row.answer ?? undefined,
  };
}
