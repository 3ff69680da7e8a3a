import { Injectable } from '@nestjs/common';
import { invalid, notFound } from '@kilowatch/kernel';
import { Database, mayOn, ownerLimit, tenantScope, type Principal, type SortKey } from '@kilowatch/platform';
import { shownMoney } from '../domain/cost-lines.js';
import type { Posting } from '../domain/ledger.js';
import { listPostings, walletBalance, walletCurrency } from '../persistence/ledger.repository.js';
import { findDefaultTariff } from '../persistence/tariff.repository.js';
import type { Wallet } from './top-up-wallet.js';

@Injectable()
export class ViewLedger {
  constructor(private readonly database: Database) {}

  /** A driver's own wallet, whatever is asked for another is NOT_FOUND; operators name the account. */
  async wallet(principal: Principal, asked: string | undefined): Promise<Wallet> {
    const { tenant } = principal;
    const accountId = asked ?? ownerLimit(principal, 'billing:read');
    if (accountId === undefined) throw invalid('BILLING_ACCOUNT', 'Name the account.');
    if (!mayOn(principal, 'billing:read', { accountId })) {
      throw notFound('BILLING_WALLET', 'There is no such wallet.');
    }
    return this.database.read(tenantScope(tenant), async (tx) => {
      const currency =
        (await walletCurrency(tx, tenant, accountId)) ??
        (await findDefaultTariff(tx, tenant))?.currency ??
        'EUR';
      const balance = await walletBalance(tx, tenant, { accountId, currency });
      return { accountId, balance: shownMoney(balance.toFixed(), currency) };
    });
  }

  journal(principal: Principal, page: { limit: number; after: SortKey | undefined }): Promise<Posting[]> {
    return this.database.read(tenantScope(principal.tenant), (tx) =>
      listPostings(tx, principal.tenant, page),
    );
  }
}
