import { type Decimal, decimal } from '@kilowatch/kernel';
import type { SortKey, Tx } from '@kilowatch/platform';
import type { PayoutShare } from '../domain/provider-payout.js';

/** FAILED: the bank gave it back; the provider holds the money again. */
export type PayoutState = 'PAID' | 'FAILED';

export interface ProviderPayoutRecord extends Omit<PayoutShare, 'costs'> {
  readonly id: string;
  /** The provider's name for it. */
  readonly ref: string;
  readonly currency: string;
  readonly state: PayoutState;
  /** Of all tenants together. */
  readonly payoutAmount: Decimal;
  readonly toldAt: Date;
}

interface Row {
  tenant: string;
  id: string;
  ref: string;
  currency: string;
  state: PayoutState;
  amount: string;
  payout_amount: string;
  payments: string;
  refunds: string;
  chargebacks: string;
  other: string;
  fees: string;
  transactions: number;
  told_at: Date;
}

/** False when the share is kept already. */
export async function insertPayout(tx: Tx, payout: ProviderPayoutRecord): Promise<boolean> {
  const rows = await tx.query(
    `insert into provider_payout (tenant, id, ref, currency, state, amount, payout_amount, payments, refunds, chargebacks, other, fees, transactions,
        told_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict on constraint provider_payout_ref do nothing returning id`,
    [
      ...[payout.tenant, payout.id, payout.ref, payout.currency, payout.state],
      ...[payout.amount, payout.payoutAmount, payout.payments, payout.refunds].map((sum) => sum.toFixed()),
      ...[payout.chargebacks, payout.other, payout.fees].map((sum) => sum.toFixed()),
      ...[payout.transactions, payout.toldAt],
    ],
  );
  return rows.length > 0;
}

/** The shares of all tenants, locked. */
export async function findPayoutShares(tx: Tx, ref: string): Promise<ProviderPayoutRecord[]> {
  const rows = await tx.query<Row>(
    'select * from provider_payout where ref = $1 order by tenant for update',
    [ref],
  );
  return rows.map(toPayout);
}

export async function setPayoutState(
  tx: Tx,
  { tenant, id }: Pick<ProviderPayoutRecord, 'tenant' | 'id'>,
  state: PayoutState,
): Promise<void> {
  await tx.query('update provider_payout set state = $3 where tenant = $1 and id = $2', [tenant, id, state]);
}

/** Latest first. */
export async function listPayouts(
  tx: Tx,
  tenant: string,
  page: { limit: number; after: SortKey | undefined },
): Promise<ProviderPayoutRecord[]> {
  const rows = await tx.query<Row>(
    `select * from provider_payout where tenant = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`,
    [tenant, page.after?.[0] ?? null, page.limit],
  );
  return rows.map(toPayout);
}

function toPayout(row: Row): ProviderPayoutRecord {
  return {
    tenant: row.tenant,
    id: row.id,
    ref: row.ref,
    currency: row.currency,
    state: row.state,
    amount: decimal(row.amount),
    payoutAmount: decimal(row.payout_amount),
    payments: decimal(row.payments),
    refunds: decimal(row.refunds),
    chargebacks: decimal(row.chargebacks),
    other: decimal(row.other),
    fees: decimal(row.fees),
    transactions: row.transactions,
    toldAt: row.told_at,
  };
}
