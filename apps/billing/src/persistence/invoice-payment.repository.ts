import { type Decimal, decimal } from '@kilowatch/kernel';
import type { Tx } from '@kilowatch/platform';
import type { PaymentSplit } from '../domain/payment-split.js';

/** Money that arrived for an invoice by transfer, as an operator recorded it. */
export interface InvoicePayment {
  readonly id: string;
  readonly invoiceId: string;
  readonly accountId: string;
  readonly currency: string;
  readonly amount: Decimal;
  readonly split: PaymentSplit;
  /** Of the bank. */
  readonly reference: string;
  /** The day it arrived, on the seller's calendar. */
  readonly receivedOn: string;
  readonly recordedBy: string;
  readonly recordedAt: Date;
}

export async function insertInvoicePayment(tx: Tx, tenant: string, payment: InvoicePayment): Promise<void> {
  const { split } = payment;
  await tx.query(
    `insert into invoice_payment (tenant, id, invoice_id, account_id, currency, amount, to_invoice, recovered, to_charges, to_wallet,
        reference, received_on, recorded_by, recorded_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      tenant,
      payment.id,
      payment.invoiceId,
      payment.accountId,
      payment.currency,
      ...[payment.amount, split.invoice, split.recovered, split.charges, split.wallet].map((sum) =>
        sum.toFixed(),
      ),
      payment.reference,
      payment.receivedOn,
      payment.recordedBy,
      payment.recordedAt,
    ],
  );
}

/** In the order they were recorded. */
export async function paymentsOfInvoice(
  tx: Tx,
  tenant: string,
  invoiceId: string,
): Promise<InvoicePayment[]> {
  const rows = await tx.query<Record<string, string> & { recorded_at: Date }>(
    'select * from invoice_payment where tenant = $1 and invoice_id = $2 order by id limit 200',
    [tenant, invoiceId],
  );
  return rows.map((row) => ({
    id: row['id']!,
    invoiceId: row['invoice_id']!,
    accountId: row['account_id']!,
    currency: row['currency']!,
    amount: decimal(row['amount']!),
    split: {
      invoice: decimal(row['to_invoice']!),
      recovered: decimal(row['recovered']!),
      charges: decimal(row['to_charges']!),
      wallet: decimal(row['to_wallet']!),
    },
    reference: row['reference']!,
    receivedOn: row['received_on']!,
    recordedBy: row['recorded_by']!,
    recordedAt: row.recorded_at,
  }));
}
