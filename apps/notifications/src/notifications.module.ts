import { Module } from '@nestjs/common';
import type { ConfigOf, ServiceOptions } from '@kilowatch/platform';
import type { configShape } from './config.js';
import { peerProviders } from './peers.js';
import { migrations } from './persistence/migrations/index.js';
import { AccountChangedConsumer } from './transport/events/account-changed.consumer.js';
import { AccountMailRequestedConsumer } from './transport/events/account-mail-requested.consumer.js';
import { AnomalyDetectedConsumer } from './transport/events/anomaly-detected.consumer.js';
import { AttemptIncidentChangedConsumer } from './transport/events/attempt-incident-changed.consumer.js';
import { BillingHeldConsumer } from './transport/events/billing-held.consumer.js';
import { ChargebackChangedConsumer } from './transport/events/chargeback-changed.consumer.js';
import { ConnectorNeedsPersonConsumer } from './transport/events/connector-needs-person.consumer.js';
import { ConnectorStatusChangedConsumer } from './transport/events/connector-status-changed.consumer.js';
import { FirmwareUpdateChangedConsumer } from './transport/events/firmware-update-changed.consumer.js';
import { DunningCaseChangedConsumer } from './transport/events/dunning-case-changed.consumer.js';
import { CreditNoteIssuedConsumer } from './transport/events/credit-note-issued.consumer.js';
import { ContractDecidedConsumer } from './transport/events/contract-decided.consumer.js';
import { DisputeDecidedConsumer } from './transport/events/dispute-decided.consumer.js';
import { DisputeOpenedConsumer } from './transport/events/dispute-opened.consumer.js';
import { InvoiceIssuedConsumer } from './transport/events/invoice-issued.consumer.js';
import { PaymentChangedConsumer } from './transport/events/payment-changed.consumer.js';
import { PriceFeedMissingConsumer } from './transport/events/price-feed-missing.consumer.js';
import { RefundContradictedConsumer } from './transport/events/refund-contradicted.consumer.js';
import { SecurityEventRecordedConsumer } from './transport/events/security-event-recorded.consumer.js';
import { SessionChargingStateChangedConsumer } from './transport/events/session-charging-state-changed.consumer.js';
import { SessionEndedConsumer } from './transport/events/session-ended.consumer.js';
import { SessionMoneyLowConsumer } from './transport/events/session-money-low.consumer.js';
import { SessionMoneyUsedUpConsumer } from './transport/events/session-money-used-up.consumer.js';
import { SessionStartedConsumer } from './transport/events/session-started.consumer.js';
import { TransactionOrphanedConsumer } from './transport/events/transaction-orphaned.consumer.js';
import { AlertResolver } from './transport/graphql/alert.resolver.js';
import { SessionResolver } from './transport/graphql/session.resolver.js';
import { ChoosePreference } from './usecases/choose-preference.js';
import { ComposeMail } from './usecases/compose-mail.js';
import { FetchPapers } from './usecases/fetch-papers.js';
import { FollowAccount } from './usecases/follow-account.js';
import { FollowSession } from './usecases/follow-session.js';
import { Mailer } from './usecases/mailer.js';
import { MarkAlertRead } from './usecases/mark-alert-read.js';
import { RaiseAlert } from './usecases/raise-alert.js';
import { ReportAnomaly } from './usecases/report-anomaly.js';
import { ReportAttempt } from './usecases/report-attempt.js';
import { ReportCard } from './usecases/report-card.js';
import { ReportFault } from './usecases/report-fault.js';
import { ReportChargeback } from './usecases/report-chargeback.js';
import { ReportContract } from './usecases/report-contract.js';
import { ReportDispute } from './usecases/report-dispute.js';
import { ReportInvoice } from './usecases/report-invoice.js';
import { ReportDunning } from './usecases/report-dunning.js';
import { ReportMoney } from './usecases/report-money.js';
import { ReportHeldBill } from './usecases/report-held-bill.js';
import { ReportPrices } from './usecases/report-prices.js';
import { ReportRefund } from './usecases/report-refund.js';
import { ReportStationTrouble } from './usecases/report-station-trouble.js';
import { SendMails } from './usecases/send-mails.js';
import { TakeAccountMail } from './usecases/take-account-mail.js';
import { ViewAlerts } from './usecases/view-alerts.js';

const consumers = [
  AccountChangedConsumer,
  AccountMailRequestedConsumer,
  AnomalyDetectedConsumer,
  AttemptIncidentChangedConsumer,
  BillingHeldConsumer,
  ChargebackChangedConsumer,
  ConnectorNeedsPersonConsumer,
  ConnectorStatusChangedConsumer,
  FirmwareUpdateChangedConsumer,
  CreditNoteIssuedConsumer,
  DunningCaseChangedConsumer,
  ContractDecidedConsumer,
  DisputeDecidedConsumer,
  DisputeOpenedConsumer,
  InvoiceIssuedConsumer,
  PaymentChangedConsumer,
  PriceFeedMissingConsumer,
  RefundContradictedConsumer,
  SecurityEventRecordedConsumer,
  SessionChargingStateChangedConsumer,
  SessionEndedConsumer,
  SessionMoneyLowConsumer,
  SessionMoneyUsedUpConsumer,
  SessionStartedConsumer,
  TransactionOrphanedConsumer,
];

@Module({
  providers: [
    ...consumers,
    ...peerProviders,
    AlertResolver,
    ChoosePreference,
    ComposeMail,
    FetchPapers,
    FollowAccount,
    FollowSession,
    Mailer,
    MarkAlertRead,
    RaiseAlert,
    ReportAnomaly,
    ReportAttempt,
    ReportCard,
    ReportFault,
    ReportChargeback,
    ReportContract,
    ReportDispute,
    ReportInvoice,
    ReportHeldBill,
    ReportDunning,
    ReportMoney,
    ReportPrices,
    ReportRefund,
    ReportStationTrouble,
    SendMails,
    SessionResolver,
    TakeAccountMail,
    ViewAlerts,
  ],
})
export class NotificationsModule {}

/** The whole service, for main.ts and for integration tests. */
export function notificationsService(config: ConfigOf<typeof configShape>): ServiceOptions {
  return {
    name: 'notifications',
    config,
    module: NotificationsModule,
    graphql: { schemaPath: new URL('./transport/graphql/schema.graphql', import.meta.url).pathname },
    consumers,
    dueWork: [SendMails],
    migrations,
  };
}
