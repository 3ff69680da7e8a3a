import { Inject, Injectable } from '@nestjs/common';
import { ZERO, type Clock, type Decimal, type IdSource } from '@kilowatch/kernel';
import { CLOCK, IDS, type Tx } from '@kilowatch/platform';
import { NOT_ASKED, type PaymentPurpose } from '../../domain/payment.js';
import { findPayer, listCards, type Card } from '../../persistence/card.repository.js';
import { owedOf, type InvoiceRecord } from '../../persistence/invoice.repository.js';
import { insertPayment, type PaymentRecord } from '../../persistence/payment.repository.js';
import { findTerms } from '../find-terms.js';
import { PAYMENT_PROVIDER, type PaymentProvider } from './payment-provider.js';

export interface WantedPayment {
  readonly tenant: string;
  readonly purpose: PaymentPurpose;
  readonly card: Card;
  readonly currency: string;
  readonly amount: Decimal;
  readonly sessionId?: string | undefined;
  readonly invoiceId?: string | undefined;
  readonly attended?: boolean;
  /** Of a session; the first one if absent. */
  readonly part?: number;
  readonly renews?: string;
}

/** Payments are noted here, in the transaction of what they are for, and asked of the provider after it (`DrivePayments`). */
@Injectable()
export class MakePayment {
  constructor(
    @Inject(PAYMENT_PROVIDER) private readonly provider: PaymentProvider,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** Undefined when there is one already: of the session, or under way for the invoice. */
  async note(tx: Tx, wanted: WantedPayment): Promise<PaymentRecord | undefined> {
    const now = this.clock.now();
    const { card, purpose } = wanted;
    const payment: PaymentRecord = {
      ...NOT_ASKED,
      tenant: wanted.tenant,
      id: this.ids.newId(),
      accountId: card.accountId,
      purpose,
      sessionId: wanted.sessionId,
      invoiceId: wanted.invoiceId,
      cardId: card.id,
      currency: wanted.currency,
      amount: wanted.amount,
      // An authorisation waits for the bill; whatever else is asked for is to be taken.
      goal: purpose === 'SESSION' ? null : wanted.amount,
      booked: ZERO,
      fee: null,
      feeKnown: false,
      operation: null,
      round: 0,
      askedAt: null,
      attempts: 0,
      dueAt: now,
      providerRef: null,
      authorisedUntil: null,
      failureCode: null,
      attended: wanted.attended ?? false,
      part: wanted.part ?? 1,
      renews: wanted.renews,
      renewed: false,
      version: 1,
      createdAt: now,
      updatedAt: now,
    };
    if (!(await insertPayment(tx, payment))) return undefined;
    // Wakes the job that asks.
    tx.afterCommit(() => undefined);
    return payment;
  }

  /** The card a driver pays with, as they chose or as it is agreed with them; undefined: they pay otherwise, or have none. */
  async cardOf(tx: Tx, tenant: string, accountId: string): Promise<Card | undefined> {
    if (this.provider.name === '' || accountId === '') return undefined;
    const payer = await findPayer(tx, tenant, accountId);
    if (!payer) return undefined;
    const byCard = payer.prefersCard || (await findTerms(tx, tenant, accountId)).kind === 'CARD';
    return byCard ? (await listCards(tx, tenant, accountId))[0] : undefined;
  }

  /** The rest of an open invoice, at once and without the driver. */
  async restOf(tx: Tx, invoice: InvoiceRecord): Promise<boolean> {
    const { tenant, accountId, sessionId, id: invoiceId, currency } = invoice;
    const amount = owedOf(invoice);
    const card = await this.cardOf(tx, tenant, accountId);
    if (!card || invoice.status !== 'OPEN' || !amount.gt('0')) return false;
    const wanted = { tenant, purpose: 'INVOICE', card, currency, amount, sessionId, invoiceId } as const;
    return (await this.note(tx, wanted)) !== undefined;
  }
}
