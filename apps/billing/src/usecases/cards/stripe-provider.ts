import { unauthenticated, type Decimal, type Secret } from '@kilowatch/kernel';
import type { EgressPolicy, Logger } from '@kilowatch/platform';
import type { PayoutPart } from '../../domain/provider-payout.js';
import Stripe from 'stripe';
import { GuardedHttpClient } from './guarded-http-client.js';
import {
  BROKEN,
  type Answer,
  type CardDetails,
  type OwnerTag,
  type PaymentProvider,
  type PaymentRequest,
  type ProviderChargeback,
  type ProviderEvent,
  type ProviderPayment,
  type ProviderRefund,
  type ProviderSetup,
  type RefundRequest,
  type WayBack,
} from './payment-provider.js';
import { isPage, pageParams } from './stripe-checkout.js';
import {
  chargebackOf,
  metadataOf,
  newsOf,
  ownerOf,
  pageOf,
  paymentOf,
  payoutPartOf,
  refundOf,
  setupOf,
  toMinor,
} from './stripe-mapping.js';

/** What this driver was written and tested against: the answers keep this shape whatever the account's default is. */
const API_VERSION = '2026-10-28.endive';
/** A bank may take its time; the row of the payment is leased longer (drive-payments.ts). */
const TIMEOUT_MS = 20_000;
/** How far the time in a signature may be from ours. */
const TOLERANCE_SECONDS = 300;
const MOST_LISTED = 100;
/** With what the provider keeps of it and until when it can be taken. */
const EXPANDED = ['latest_charge.balance_transaction'];
const EXPANDED_LIST = EXPANDED.map((path) => `data.${path}`);

export interface StripeSettings {
  readonly url: string;
  readonly secretKey: Secret;
  readonly webhookSecret: Secret;
  readonly publishableKey: string;
}

/** Cards through Stripe's own SDK. Repetitions are the caller's, so that one request is one attempt. */
export class StripeProvider implements PaymentProvider {
  readonly name = 'stripe';
  readonly publishableKey: string;
  private readonly stripe: Stripe;

  constructor(
    private readonly settings: StripeSettings,
    egress: EgressPolicy,
    private readonly log: Logger,
  ) {
    const { protocol, hostname, port, host } = new URL(settings.url);
    this.publishableKey = settings.publishableKey;
    this.stripe = new Stripe(settings.secretKey.reveal(), {
      apiVersion: API_VERSION,
      httpClient: new GuardedHttpClient([host, hostname], egress),
      protocol: protocol === 'http:' ? 'http' : 'https',
      host: hostname,
      port: port === '' ? (protocol === 'http:' ? 80 : 443) : port,
      timeout: TIMEOUT_MS,
      maxNetworkRetries: 0,
      telemetry: false,
    });
  }

  newCustomer(owner: OwnerTag, key: string): Promise<Answer<string>> {
    const metadata = metadataOf(owner);
    return this.ask(
      async () => (await this.stripe.customers.create({ metadata }, { idempotencyKey: key })).id,
    );
  }

  newSetup(owner: OwnerTag, customerRef: string, key: string): Promise<Answer<ProviderSetup>> {
    const params: Stripe.SetupIntentCreateParams = {
      customer: customerRef,
      usage: 'off_session',
      allowed_payment_method_types: ['card'],
      metadata: metadataOf(owner),
    };
    return this.ask(async () =>
      setupOf(await this.stripe.setupIntents.create(params, { idempotencyKey: key })),
    );
  }

  newSetupPage(
    owner: OwnerTag,
    customerRef: string,
    back: WayBack,
    key: string,
  ): Promise<Answer<ProviderSetup>> {
    const params = pageParams(owner, customerRef, back);
    return this.ask(async () =>
      pageOf(await this.stripe.checkout.sessions.create(params, { idempotencyKey: key })),
    );
  }

  readSetup(ref: string): Promise<Answer<ProviderSetup>> {
    const { setupIntents, checkout } = this.stripe;
    return this.ask(async () =>
      isPage(ref)
        ? pageOf(await checkout.sessions.retrieve(ref, { expand: ['setup_intent'] }))
        : setupOf(await setupIntents.retrieve(ref)),
    );
  }

  readCard(ref: string): Promise<Answer<CardDetails>> {
    return this.ask(async () => {
      const { id, card } = await this.stripe.paymentMethods.retrieve(ref);
      return {
        ref: id,
        brand: card?.brand ?? 'unknown',
        last4: card?.last4 ?? '',
        expiresMonth: card?.exp_month ?? 0,
        expiresYear: card?.exp_year ?? 0,
      };
    });
  }

  removeCard(ref: string): Promise<Answer<void>> {
    return this.ask(async () => void (await this.stripe.paymentMethods.detach(ref)));
  }

  request(payment: PaymentRequest): Promise<Answer<ProviderPayment>> {
    const params: Stripe.PaymentIntentCreateParams = {
      amount: toMinor(payment.amount, payment.currency),
      currency: payment.currency.toLowerCase(),
      customer: payment.customerRef,
      payment_method: payment.cardRef,
      allowed_payment_method_types: ['card'],
      capture_method: payment.operation === 'AUTHORISE' ? 'manual' : 'automatic',
      confirm: true,
      ...(payment.attended ? { use_stripe_sdk: true } : { off_session: true }),
      description: payment.description,
      metadata: metadataOf(payment.owner),
      expand: EXPANDED,
    };
    return this.ask(
      async () => paymentOf(await this.stripe.paymentIntents.create(params, { idempotencyKey: payment.key })),
      paymentOf,
    );
  }

  capture(ref: string, amount: Decimal, currency: string, key: string): Promise<Answer<ProviderPayment>> {
    const params = { amount_to_capture: toMinor(amount, currency), expand: EXPANDED };
    return this.ask(
      async () => paymentOf(await this.stripe.paymentIntents.capture(ref, params, { idempotencyKey: key })),
      paymentOf,
    );
  }

  cancel(ref: string, key: string): Promise<Answer<ProviderPayment>> {
    return this.ask(
      async () => paymentOf(await this.stripe.paymentIntents.cancel(ref, {}, { idempotencyKey: key })),
      paymentOf,
    );
  }

  read(ref: string): Promise<Answer<ProviderPayment>> {
    return this.ask(async () =>
      paymentOf(await this.stripe.paymentIntents.retrieve(ref, { expand: EXPANDED })),
    );
  }

  find(owner: OwnerTag, customerRef: string, since: Date): Promise<Answer<ProviderPayment | undefined>> {
    const created = { gte: Math.floor(since.getTime() / 1000) - TOLERANCE_SECONDS };
    const params = { customer: customerRef, created, limit: MOST_LISTED, expand: EXPANDED_LIST };
    return this.ask(async () => {
      for await (const intent of this.stripe.paymentIntents.list(params)) {
        if (isOf(owner, intent.metadata)) return paymentOf(intent);
      }
      return undefined;
    });
  }

  refund({ owner, paymentRef, amount, currency, key }: RefundRequest): Promise<Answer<ProviderRefund>> {
    const params: Stripe.RefundCreateParams = {
      payment_intent: paymentRef,
      amount: toMinor(amount, currency),
      metadata: metadataOf(owner),
    };
    return this.ask(async () => refundOf(await this.stripe.refunds.create(params, { idempotencyKey: key })));
  }

  findRefund(owner: OwnerTag, paymentRef: string): Promise<Answer<ProviderRefund | undefined>> {
    return this.ask(async () => {
      for await (const refund of this.stripe.refunds.list({
        payment_intent: paymentRef,
        limit: MOST_LISTED,
      })) {
        if (isOf(owner, refund.metadata)) return refundOf(refund);
      }
      return undefined;
    });
  }

  readChargeback(ref: string): Promise<Answer<ProviderChargeback>> {
    return this.ask(async () => chargebackOf(await this.stripe.disputes.retrieve(ref)));
  }

  payoutParts(ref: string): Promise<Answer<readonly PayoutPart[]>> {
    return this.ask(async () => {
      const parts: PayoutPart[] = [];
      const params = { payout: ref, limit: MOST_LISTED, expand: ['data.source'] };
      for await (const line of this.stripe.balanceTransactions.list(params)) {
        const part = payoutPartOf(line);
        if (part) parts.push(part);
      }
      return parts;
    });
  }

  verified(body: Buffer, signature: string | undefined, now: Date): ProviderEvent {
    const secret = this.settings.webhookSecret.reveal();
    const verify = () =>
      this.stripe.webhooks.constructEvent(
        body,
        signature ?? '',
        secret,
        TOLERANCE_SECONDS,
        undefined,
        now.getTime(),
      );
    let event: Stripe.Event;
    try {
      event = verify();
    } catch {
      throw unauthenticated(
        'BILLING_WEBHOOK_SIGNATURE',
        'The signature of this message is missing, wrong or old.',
      );
    }
    const createdAt = new Date(event.created * 1000);
    // The SDK refuses what is too old; what claims to be from the future is no better.
    if (createdAt.getTime() > now.getTime() + TOLERANCE_SECONDS * 1000) {
      throw unauthenticated(
        'BILLING_WEBHOOK_SIGNATURE',
        'The signature of this message is missing, wrong or old.',
      );
    }
    return { id: event.id, type: event.type, createdAt, news: newsOf(event) };
  }

  private async ask<T>(
    work: () => Promise<T>,
    told?: (intent: Stripe.PaymentIntent) => T,
  ): Promise<Answer<T>> {
    try {
      return { kind: 'DONE', value: await work() };
    } catch (error) {
      return this.failed(error, told);
    }
  }

  /** Codes only: the messages of the other side name cards and people. */
  private failed<T>(error: unknown, told: ((intent: Stripe.PaymentIntent) => T) | undefined): Answer<T> {
    if (error instanceof Stripe.errors.StripeCardError) {
      const intent = error.payment_intent;
      // The SDK makes it an empty text where there is none.
      const code = codeOf(error.decline_code || error.code) ?? 'card_declined';
      return { kind: 'DECLINED', code, value: intent && told ? told(intent) : undefined };
    }
    const { code: said } = (error ?? {}) as { code?: unknown };
    const code = codeOf(said) ?? 'no_answer';
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.statusCode !== 409) {
      this.log.warn({ code, requestId: error.requestId }, 'the payment provider refused a request');
      return { kind: 'REFUSED', code };
    }
    const type = error instanceof Stripe.errors.StripeError ? error.type : 'error';
    this.log.warn({ code, type }, 'the payment provider gave no answer that says what happened');
    return { kind: 'UNKNOWN', code: error instanceof Stripe.errors.StripeAPIError ? BROKEN : code };
  }
}

/** What is a code by its form, theirs or of a connection; whatever else stands in its place may be what they were shown. */
function codeOf(said: unknown): string | undefined {
  return typeof said === 'string' && /^[A-Za-z_]{1,64}$/.test(said) ? said : undefined;
}

function isOf(owner: OwnerTag, metadata: Stripe.Metadata | null): boolean {
  const found = ownerOf(metadata);
  return found?.tenant === owner.tenant && found.id === owner.id;
}
