import { events } from '@kilowatch/contracts';
import { toWire } from '@kilowatch/kernel';
import type { Tx } from '@kilowatch/platform';
import { walletState, type Wallet } from '../persistence/ledger.repository.js';

/** Tells what is left in a wallet after a booking. The caller holds the wallet. */
export async function announceWallet(
  tx: Tx,
  tenant: string,
  wallet: Wallet,
  occurredAt: Date,
): Promise<void> {
  const { balance, entries } = await walletState(tx, tenant, wallet);
  const { accountId, currency } = wallet;
  tx.publish(events.walletChanged, {
    aggregateId: accountId,
    aggregateVersion: entries,
    occurredAt,
    payload: { accountId, balance: toWire({ amount: balance, currency }) },
  });
}
