import type { Tx } from '@kilowatch/platform';
import { USUAL_TERMS, type PaymentTerms } from '../domain/payment-terms.js';
import { walletCurrency } from '../persistence/ledger.repository.js';
import { agreedTerms } from '../persistence/payment-terms.repository.js';
import { findDefaultTariff } from '../persistence/tariff.repository.js';

/**
 * How an account pays: as agreed with it, else as the tenant has said for all, else the usual terms.
 * @param currency of the account, where it is known: finding it reads the whole wallet
 */
export async function findTerms(
  tx: Tx,
  tenant: string,
  accountId: string,
  currency?: string,
): Promise<PaymentTerms> {
  const agreed = await agreedTerms(tx, tenant, accountId);
  if (agreed) return agreed;
  return { ...USUAL_TERMS, currency: currency ?? (await currencyOf(tx, tenant, accountId)) };
}

/** That of the wallet, else of the tariff that counts where none is assigned. */
export async function currencyOf(tx: Tx, tenant: string, accountId: string): Promise<string> {
  return (
    (await walletCurrency(tx, tenant, accountId)) ?? (await findDefaultTariff(tx, tenant))?.currency ?? 'EUR'
  );
}
