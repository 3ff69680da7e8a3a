import { Inject, Injectable } from '@nestjs/common';
import { invalid, isUuid, type Clock, type Decimal, type IdSource } from '@kilowatch/kernel';
import { argsHash, CLOCK, Database, idempotent, IDS, tenantScope, type Principal } from '@kilowatch/platform';
import { shownMoney, type ShownMoney } from '../domain/cost-lines.js';
import { postTopUp } from '../domain/ledger.js';
import { checkTopUp } from '../domain/top-up.js';
import {
  insertPosting,
  lockWallet,
  walletBalance,
  walletCurrency,
} from '../persistence/ledger.repository.js';
import { findDefaultTariff } from '../persistence/tariff.repository.js';
import { announceWallet } from './announce-wallet.js';
import { PayInvoice } from './pay-invoice.js';

export interface TopUp {
  readonly accountId: string;
  readonly amount: Decimal;
  readonly currency: string;
  readonly reference: string;
  readonly idempotencyKey: string;
}

export interface Wallet {
  readonly accountId: string;
  readonly balance: ShownMoney;
}

@Injectable()
export class TopUpWallet {
  constructor(
    private readonly database: Database,
    private readonly payInvoice: PayInvoice,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** Books money that arrived and pays open invoices from it, once per idempotency key. The balance is what is left. */
  async run(principal: Principal, input: TopUp): Promise<Wallet> {
    const { tenant } = principal;
    const { accountId, amount, currency, reference } = input;
    if (!isUuid(accountId)) throw invalid('BILLING_ACCOUNT', 'This is not the id of an account.');
    checkTopUp(amount, currency, reference);
    const request = {
      operation: 'topUpWallet',
      subject: principal.accountId,
      key: input.idempotencyKey,
      argsHash: argsHash({ accountId, amount: amount.toFixed(), currency, reference }),
    };
    return this.database.transaction(tenantScope(tenant), (tx) =>
      idempotent(tx, request, async (): Promise<Wallet> => {
        lockWallet(tx, tenant, accountId);
        const held =
          (await walletCurrency(tx, tenant, accountId)) ?? (await findDefaultTariff(tx, tenant))?.currency;
        if (held !== undefined && held !== currency) {
          throw invalid('BILLING_WALLET_CURRENCY', `This wallet is in ${held}.`);
        }
        const key = { id: this.ids.newId(), postedAt: this.clock.now() };
        const movement = { accountId, amount, currency, reference: reference.trim(), provider: 'bank' };
        await insertPosting(tx, tenant, postTopUp(movement, key));
        await announceWallet(tx, tenant, { accountId, currency }, key.postedAt);
        await this.payInvoice.openInvoices(tx, tenant, accountId, currency);
        const balance = await walletBalance(tx, tenant, { accountId, currency });
        return { accountId, balance: shownMoney(balance.toFixed(), currency) };
      }),
    );
  }
}
