import { type Decimal, decimal } from '@kilowatch/kernel';
import type { Tx } from '@kilowatch/platform';
import { UNDECIDED_OF_INVOICE } from './chargeback.repository.js';
import { CARD_ASKED_FOR, type InvoiceRecord } from './invoice.repository.js';

/** What transfers paid of it, and what of it was given up. */
export async function setPaidParts(
  tx: Tx,
  tenant: string,
  id: string,
  { transferPaid, writtenOff }: Pick<InvoiceRecord, 'transferPaid' | 'writtenOff'>,
): Promise<void> {
  await tx.query('update invoice set transfer_paid = $3, written_off = $4 where tenant = $1 and id = $2', [
    tenant,
    id,
    transferPaid.toFixed(),
    writtenOff.toFixed(),
  ]);
}

export async function markInvoiceWrittenOff(
  tx: Tx,
  tenant: string,
  id: string,
  amount: Decimal,
): Promise<void> {
  await tx.query(
    "update invoice set status = 'WRITTEN_OFF', written_off = $3 where tenant = $1 and id = $2",
    [tenant, id, amount.toFixed()],
  );
}

/** Somebody objects to it, or to a session on it, or has the bank take a payment of it back: nothing pays it by itself. */
export async function isContested(tx: Tx, tenant: string, id: string): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from invoice i where i.tenant = $1 and i.id = $2 and (${UNDECIDED_OF_INVOICE('i')}
      or exists (select 1 from dispute d where d.tenant = i.tenant and d.invoice_id = i.id and d.state = 'OPEN'))`,
    [tenant, id],
  );
  return rows.length > 0;
}

/** Nobody asks for it now: it is disputed, here or at a bank, or a card is being asked for it. */
export async function isHeldBack(tx: Tx, tenant: string, id: string): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from invoice i where i.tenant = $1 and i.id = $2 and (
        exists (select 1 from dispute d where d.tenant = i.tenant and d.invoice_id = i.id and d.state = 'OPEN')
        or ${UNDECIDED_OF_INVOICE('i')}
        or ${CARD_ASKED_FOR('i')})`,
    [tenant, id],
  );
  return rows.length > 0;
}

/** Open invoices of an account, and what of them is overdue. */
export async function openSums(
  tx: Tx,
  tenant: string,
  { accountId, currency, at }: { readonly accountId: string; readonly currency: string; readonly at: Date },
): Promise<{ readonly open: Decimal; readonly overdue: Decimal }> {
  const rows = await tx.query<{ open: string; overdue: string }>(
    `select coalesce(sum(owed), 0)::text as open, coalesce(sum(owed) filter (where due_at <= $4), 0)::text as overdue from (
        select total_incl - credited_incl - card_paid - transfer_paid as owed, due_at from invoice
          where tenant = $1 and account_id = $2 and currency = $3 and status = 'OPEN') of_account`,
    [tenant, accountId, currency, at],
  );
  return { open: decimal(rows[0]!.open), overdue: decimal(rows[0]!.overdue) };
}
