import type { billing } from '@kilowatch/contracts';
import { fromWire } from '@kilowatch/kernel';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { saveCredit } from '../persistence/credit.repository.js';

/** Remembers what is left in a wallet: prepaid tokens charge from it only (OCPP 2.1 C17). */
export async function followCredit(
  tx: Tx,
  { accountId, balance }: billing.WalletChanged,
  { tenant, aggregateVersion }: EventMeta,
): Promise<void> {
  if (!balance) return;
  const { currency } = fromWire(balance);
  await saveCredit(tx, tenant, { accountId, balance: balance.amount, currency }, aggregateVersion);
}
