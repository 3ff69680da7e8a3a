import { decimal, invalid } from '@kilowatch/kernel';
import { CONFIG, EgressPolicy, LOGGER, type ConfigOf, type Logger } from '@kilowatch/platform';
import type { Provider } from '@nestjs/common';
import type { configShape } from './config.js';
import { WebhookServer } from './transport/http/webhook-server.js';
import { ApplyObservation } from './usecases/cards/apply-observation.js';
import { AskProvider } from './usecases/cards/ask-provider.js';
import { BeginSetup } from './usecases/cards/begin-setup.js';
import { CARD_SETTINGS, type CardSettings } from './usecases/cards/card-settings.js';
import { CardPages } from './usecases/cards/card-pages.js';
import { DrivePayments } from './usecases/cards/drive-payments.js';
import { DriveRefunds } from './usecases/cards/drive-refunds.js';
import { ForgetWebhooks } from './usecases/cards/forget-webhooks.js';
import { KeepCard } from './usecases/cards/keep-card.js';
import { MakePayment } from './usecases/cards/make-payment.js';
import { ManageCards } from './usecases/cards/manage-cards.js';
import { NO_CARDS } from './usecases/cards/no-cards.js';
import { PAYMENT_PROVIDER, type PaymentProvider } from './usecases/cards/payment-provider.js';
import { PayByCard } from './usecases/cards/pay-by-card.js';
import { ReceiveWebhook } from './usecases/cards/receive-webhook.js';
import { RecordChargeback } from './usecases/cards/record-chargeback.js';
import { RecordPayout } from './usecases/cards/record-payout.js';
import { RecordRefund } from './usecases/cards/record-refund.js';
import { RefundPayment } from './usecases/cards/refund-payment.js';
import { RefundToCard } from './usecases/cards/refund-to-card.js';
import { ReserveMore } from './usecases/cards/reserve-more.js';
import { SettleByCard } from './usecases/cards/settle-by-card.js';
import { SettleClaims } from './usecases/cards/settle-claims.js';
import { StripeProvider } from './usecases/cards/stripe-provider.js';
import { ViewChargebacks } from './usecases/cards/view-chargebacks.js';
import { ViewPayments } from './usecases/cards/view-payments.js';
import { ViewPayouts } from './usecases/cards/view-payouts.js';
import { WatchChargebacks } from './usecases/cards/watch-chargebacks.js';

type Config = ConfigOf<typeof configShape>;

/** What payments by card need. */
export const cardProviders: Provider[] = [
  ApplyObservation,
  AskProvider,
  DrivePayments,
  DriveRefunds,
  ForgetWebhooks,
  BeginSetup,
  CardPages,
  KeepCard,
  MakePayment,
  ManageCards,
  PayByCard,
  ReceiveWebhook,
  RecordChargeback,
  RecordPayout,
  RecordRefund,
  RefundPayment,
  RefundToCard,
  ReserveMore,
  SettleByCard,
  SettleClaims,
  ViewChargebacks,
  ViewPayments,
  ViewPayouts,
  WatchChargebacks,
  WebhookServer,
  { provide: CARD_SETTINGS, useFactory: cardSettingsOf, inject: [CONFIG] },
  { provide: PAYMENT_PROVIDER, useFactory: paymentProviderOf, inject: [CONFIG, LOGGER] },
];

/** Their jobs. */
export const cardWork = [DrivePayments, DriveRefunds, ForgetWebhooks, KeepCard, WatchChargebacks];

function cardSettingsOf(config: Config): CardSettings {
  return {
    authorise: decimal(config.KW_CARD_AUTHORISE_AMOUNT),
    payoutTenant: config.KW_DEFAULT_TENANT,
    returnUrls: config.KW_CARD_RETURN_URLS,
  };
}

function paymentProviderOf(config: Config, log: Logger): PaymentProvider {
  if (config.KW_PAYMENTS === 'none') return NO_CARDS;
  const { KW_STRIPE_SECRET_KEY: secretKey, KW_STRIPE_WEBHOOK_SECRET: webhookSecret } = config;
  if (!secretKey || !webhookSecret) {
    throw invalid(
      'BILLING_STRIPE_SECRETS',
      'KW_PAYMENTS=stripe needs KW_STRIPE_SECRET_KEY and KW_STRIPE_WEBHOOK_SECRET.',
    );
  }
  const settings = {
    url: config.KW_STRIPE_URL,
    secretKey,
    webhookSecret,
    publishableKey: config.KW_STRIPE_PUBLISHABLE,
  };
  return new StripeProvider(settings, EgressPolicy.parse(config.KW_EGRESS_ALLOW), log);
}
