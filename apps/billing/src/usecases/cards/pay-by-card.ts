import { Inject, Injectable } from '@nestjs/common';
import { conflict, invalid, isUuid, precondition, type Decimal } from '@kilowatch/kernel';
import { argsHash, Database, idempotent, mayOn, tenantScope, type Principal } from '@kilowatch/platform';
import { checkTopUp } from '../../domain/top-up.js';
import { lockSettling } from '../../persistence/billed-session.repository.js';
import { isChargedBack } from '../../persistence/chargeback.repository.js';
import { findInvoiceForUpdate, owedOf } from '../../persistence/invoice.repository.js';
import { isContested } from '../../persistence/invoice-debt.repository.js';
import { lockWallet, walletCurrency } from '../../persistence/ledger.repository.js';
import { hasLivePayment } from '../../persistence/payment.repository.js';
import { findDefaultTariff } from '../../persistence/tariff.repository.js';
import { unknownInvoice } from '../record-transfer.js';
import { MakePayment } from './make-payment.js';
import { ownCard } from './manage-cards.js';
import { assertCards } from './no-cards.js';
import { PAYMENT_PROVIDER, type PaymentProvider } from './payment-provider.js';

export interface CardTopUp {
  readonly amount: Decimal;
  readonly currency: string;
  readonly cardId?: string | null;
  readonly idempotencyKey: string;
}

export interface InvoiceByCard {
  readonly invoiceId: string;
  readonly cardId?: string | null;
  readonly idempotencyKey: string;
}

/** Drivers pay with a card they saved. Nothing is booked before the provider says that it was taken. */
@Injectable()
export class PayByCard {
  constructor(
    private readonly database: Database,
    private readonly make: MakePayment,
    @Inject(PAYMENT_PROVIDER) private readonly provider: PaymentProvider,
  ) {}

  /** Answers with the id of the payment; once per key. */
  topUp(principal: Principal, input: CardTopUp): Promise<string> {
    assertCards(this.provider);
    const { tenant, accountId } = principal;
    const { amount, currency } = input;
    checkTopUp(amount, currency, 'card');
    const request = {
      operation: 'topUpWalletByCard',
      subject: accountId,
      key: input.idempotencyKey,
      argsHash: argsHash({ amount: amount.toFixed(), currency, cardId: input.cardId ?? null }),
    };
    return this.database.transaction(tenantScope(tenant), (tx) =>
      idempotent(tx, request, async () => {
        lockWallet(tx, tenant, accountId);
        const held =
          (await walletCurrency(tx, tenant, accountId)) ?? (await findDefaultTariff(tx, tenant))?.currency;
        if (held !== undefined && held !== currency) {
          throw invalid('BILLING_WALLET_CURRENCY', `This wallet is in ${held}.`);
        }
        const card = await ownCard(tx, principal, input.cardId ?? undefined);
        const wanted = { tenant, purpose: 'TOP_UP', card, currency, amount, attended: true } as const;
        return (await this.make.note(tx, wanted))!.id;
      }),
    );
  }

  /** What is owed of an own open invoice. */
  invoice(principal: Principal, input: InvoiceByCard): Promise<string> {
    assertCards(this.provider);
    const { tenant, accountId } = principal;
    const { invoiceId } = input;
    if (!isUuid(invoiceId)) throw unknownInvoice();
    const request = {
      operation: 'payInvoiceByCard',
      subject: accountId,
      key: input.idempotencyKey,
      argsHash: argsHash({ invoiceId, cardId: input.cardId ?? null }),
    };
    return this.database.transaction(tenantScope(tenant), (tx) =>
      idempotent(tx, request, async () => {
        lockSettling(tx, tenant);
        const invoice = await findInvoiceForUpdate(tx, tenant, invoiceId);
        if (!invoice || !mayOn(principal, 'cards:write', invoice) || invoice.accountId !== accountId) {
          throw unknownInvoice();
        }
        if (invoice.status !== 'OPEN') {
          throw precondition('BILLING_INVOICE_PAID', 'Nothing is to be paid of this invoice by card.');
        }
        const { sessionId, currency } = invoice;
        if (await isChargedBack(tx, tenant, invoiceId)) {
          throw precondition(
            'BILLING_CHARGEBACK_OPEN',
            'Your bank was asked to take a payment of this invoice back: wait for its answer.',
          );
        }
        if (await isContested(tx, tenant, invoiceId)) {
          throw precondition('BILLING_DISPUTE_OPEN', 'This invoice is disputed: wait for the answer.');
        }
        const card = await ownCard(tx, principal, input.cardId ?? undefined);
        const amount = owedOf(invoice);
        const wanted = { tenant, purpose: 'INVOICE', card, currency, amount, sessionId, invoiceId } as const;
        const underWay = sessionId !== undefined && (await hasLivePayment(tx, tenant, sessionId));
        const payment = underWay ? undefined : await this.make.note(tx, { ...wanted, attended: true });
        if (!payment) throw conflict('BILLING_PAYMENT_UNDER_WAY', 'A payment of this invoice is under way.');
        return payment.id;
      }),
    );
  }
}
