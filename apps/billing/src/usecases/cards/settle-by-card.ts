import { Inject, Injectable } from '@nestjs/common';
import { ZERO, type Clock } from '@kilowatch/kernel';
import { CLOCK, type Tx } from '@kilowatch/platform';
import { goalsOf } from '../../domain/card-reservation.js';
import { LIVE_STATES } from '../../domain/payment.js';
import type { StoredSnapshot } from '../../persistence/billed-session.repository.js';
import { owedOf, type InvoiceRecord } from '../../persistence/invoice.repository.js';
import { paymentsOfSessionForUpdate } from '../../persistence/payment.repository.js';
import type { QuoteRecord } from '../../persistence/quote.repository.js';
import { aimPayment } from './aim-payment.js';
import { CARD_SETTINGS, type CardSettings } from './card-settings.js';
import { MakePayment } from './make-payment.js';
import { PAYMENT_PROVIDER, type PaymentProvider } from './payment-provider.js';

/** Sessions of drivers who pay by card: an amount is reserved at the start, and the bill taken of it at the end. */
@Injectable()
export class SettleByCard {
  constructor(
    private readonly make: MakePayment,
    @Inject(PAYMENT_PROVIDER) private readonly provider: PaymentProvider,
    @Inject(CARD_SETTINGS) private readonly settings: CardSettings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Reserves for a session that runs; once, whatever is told of it and how often. */
  async reserve(tx: Tx, tenant: string, snapshot: StoredSnapshot, quote: QuoteRecord): Promise<void> {
    const { sessionId, accountId, status } = snapshot;
    if (this.provider.name === '' || status === 'ENDED') return;
    const card = await this.make.cardOf(tx, tenant, accountId);
    if (!card) return;
    const { currency } = quote;
    const amount = this.settings.authorise;
    await this.make.note(tx, { tenant, purpose: 'SESSION', card, currency, amount, sessionId });
  }

  /** The session is billed: what is owed is taken, the rest is let go. False: no card pays it. */
  async settle(
    tx: Tx,
    { tenant, sessionId }: { readonly tenant: string; readonly sessionId: string },
    invoice: InvoiceRecord | undefined,
  ): Promise<boolean> {
    if (this.provider.name === '') return false;
    const payments = await paymentsOfSessionForUpdate(tx, tenant, sessionId);
    const held = payments.filter(
      ({ purpose, state }) => purpose === 'SESSION' && LIVE_STATES.includes(state),
    );
    // One whose place another took is on its way out.
    const live = held.filter(({ id, goal }) => !(goal?.eq('0') && held.some(({ renews }) => renews === id)));
    const fits = invoice && live[0]?.currency === invoice.currency;
    const goals = goalsOf(fits ? owedOf(invoice) : ZERO, live);
    for (const [index, payment] of live.entries())
      await aimPayment(tx, payment, goals[index]!, this.clock.now());
    if (fits) return true;
    return invoice !== undefined && (await this.make.restOf(tx, invoice));
  }
}
