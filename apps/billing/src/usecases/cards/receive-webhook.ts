import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import {
  CLOCK,
  counter,
  Database,
  LOGGER,
  SYSTEM_SCOPE,
  tenantScope,
  type Logger,
  type Tx,
} from '@kilowatch/platform';
import { lockSettling } from '../../persistence/billed-session.repository.js';
import { dropCard, findCardByRef, findCustomer } from '../../persistence/card.repository.js';
import { findPaymentForUpdate } from '../../persistence/payment.repository.js';
import {
  noteWebhook,
  setWebhookOutcome,
  type WebhookOutcome,
} from '../../persistence/webhook-inbox.repository.js';
import { ApplyObservation } from './apply-observation.js';
import { providerAway } from './begin-setup.js';
import { KeepCard } from './keep-card.js';
import {
  PAYMENT_PROVIDER,
  type Answer,
  type CardDetails,
  type PaymentProvider,
  type ProviderEvent,
  type ProviderNews,
} from './payment-provider.js';
import { RecordChargeback } from './record-chargeback.js';
import { RecordPayout } from './record-payout.js';
import { RecordRefund } from './record-refund.js';

export type ReceivedOutcome = WebhookOutcome | 'SEEN';

/** Takes what the provider tells by itself. Signed, of now, and once: the event's id and its effect are one transaction. */
@Injectable()
export class ReceiveWebhook {
  constructor(
    private readonly database: Database,
    private readonly apply: ApplyObservation,
    private readonly refunds: RecordRefund,
    private readonly cards: KeepCard,
    private readonly payouts: RecordPayout,
    private readonly chargebacks: RecordChargeback,
    @Inject(PAYMENT_PROVIDER) private readonly provider: PaymentProvider,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Resolves after the commit. Throws UNAUTHENTICATED for a signature that is not good; whatever else is thrown, it is sent again. */
  async run(body: Buffer, signature: string | undefined): Promise<ReceivedOutcome> {
    const event = this.provider.verified(body, signature, this.clock.now());
    const outcome = await this.take(event);
    counter('kw_payment_webhooks_total').inc({ outcome });
    if (outcome === 'UNKNOWN_OBJECT') {
      this.log.warn({ eventId: event.id, type: event.type }, 'a webhook is about something that is not ours');
    }
    return outcome;
  }

  private async take(event: ProviderEvent): Promise<ReceivedOutcome> {
    if (event.news.kind === 'PAYOUT') {
      return (await this.payouts.run(event, event.news.payout)) ? 'APPLIED' : 'SEEN';
    }
    if (event.news.kind === 'CHARGEBACK') return this.chargebacks.told(event, event.news);
    const tenant = await this.tenantOf(event.news);
    if (tenant === undefined) return 'IGNORED';
    const card = await this.cardOf(event.news);
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      lockSettling(tx, tenant);
      if (!(await noteWebhook(tx, tenant, event, this.clock.now()))) return 'SEEN';
      const applied = await this.effect(tx, tenant, event.news, card);
      if (!applied) await setWebhookOutcome(tx, tenant, event.id, 'UNKNOWN_OBJECT');
      return applied ? 'APPLIED' : 'UNKNOWN_OBJECT';
    });
  }

  /** What we attached to the object when we asked for it, which is as true as the signature; undefined: nothing of ours. */
  private async tenantOf(news: ProviderNews): Promise<string | undefined> {
    switch (news.kind) {
      case 'PAYMENT':
        return news.payment.owner?.tenant;
      case 'REFUND':
        return news.refund.owner?.tenant ?? (await this.tenantOfPayment(news.refund.paymentRef));
      case 'SETUP':
        return news.setup.owner?.tenant;
      case 'CARD_GONE':
        return (await this.database.read(SYSTEM_SCOPE, (tx) => findCustomer(tx, news.customerRef)))?.tenant;
      case 'PAYOUT':
      case 'CHARGEBACK':
      case 'OTHER':
        return undefined;
    }
  }

  private async tenantOfPayment(ref: string): Promise<string | undefined> {
    return known(await this.provider.read(ref))?.owner?.tenant;
  }

  /** What a webhook does not say is asked for before the transaction. */
  private async cardOf(news: ProviderNews): Promise<CardDetails | undefined> {
    if (news.kind !== 'SETUP' || news.setup.state !== 'DONE') return undefined;
    const { ref, cardRef = known(await this.provider.readSetup(ref))?.cardRef } = news.setup;
    return cardRef === undefined ? undefined : known(await this.provider.readCard(cardRef));
  }

  private async effect(
    tx: Tx,
    tenant: string,
    news: ProviderNews,
    card: CardDetails | undefined,
  ): Promise<boolean> {
    switch (news.kind) {
      case 'PAYMENT': {
        const payment = await findPaymentForUpdate(tx, tenant, news.payment.owner!.id);
        if (payment) await this.apply.run(tx, payment, news.payment);
        return payment !== undefined;
      }
      case 'REFUND':
        return this.refunds.told(tx, tenant, news.refund);
      case 'SETUP': {
        const { state, owner } = news.setup;
        if (state === 'FAILED') return this.cards.givenUp(tx, tenant, owner!.id);
        return card !== undefined && this.cards.done(tx, tenant, owner!.id, card);
      }
      case 'CARD_GONE': {
        const gone = await findCardByRef(tx, tenant, news.cardRef);
        if (gone) await dropCard(tx, tenant, gone, this.clock.now());
        return gone !== undefined;
      }
      case 'PAYOUT':
      case 'CHARGEBACK':
      case 'OTHER':
        return false;
    }
  }
}

/** Undefined: there is none. Thrown: the webhook comes again. */
function known<T>(answer: Answer<T>): T | undefined {
  if (answer.kind === 'UNKNOWN') throw providerAway();
  return answer.kind === 'DONE' ? answer.value : undefined;
}
