import { Module } from '@nestjs/common';
import { billing } from '@kilowatch/contracts';
import { invalid } from '@kilowatch/kernel';
import {
  CONFIG,
  EgressPolicy,
  LOGGER,
  type ConfigOf,
  type Logger,
  type ServiceOptions,
} from '@kilowatch/platform';
import type { configShape } from './config.js';
import { peerProviders } from './peers.js';
import { migrations } from './persistence/migrations/index.js';
import { AccountChangedConsumer } from './transport/events/account-changed.consumer.js';
import { LocationChangedConsumer } from './transport/events/location-changed.consumer.js';
import { ReservationChangedConsumer } from './transport/events/reservation-changed.consumer.js';
import { SessionChargingStateChangedConsumer } from './transport/events/session-charging-state-changed.consumer.js';
import { SessionEndedConsumer } from './transport/events/session-ended.consumer.js';
import { SessionMeteredConsumer } from './transport/events/session-metered.consumer.js';
import { SessionStartedConsumer } from './transport/events/session-started.consumer.js';
import { StationChangedConsumer } from './transport/events/station-changed.consumer.js';
import { DisputeResolver } from './transport/graphql/dispute.resolver.js';
import { DocumentResolver } from './transport/graphql/document.resolver.js';
import { cardProviders, cardWork } from './card-providers.js';
import { ChargebackResolver } from './transport/graphql/chargeback.resolver.js';
import { CorrectionResolver } from './transport/graphql/correction.resolver.js';
import {
  InvoicedSessionResolver,
  InvoicedSessionsResolver,
} from './transport/graphql/collective.resolver.js';
import {
  DunningResolver,
  DunningSettingsResolver,
  InvoiceDunningResolver,
} from './transport/graphql/dunning.resolver.js';
import { HoldResolver } from './transport/graphql/hold.resolver.js';
import { InvoiceResolver } from './transport/graphql/invoice.resolver.js';
import { CardPageResolver } from './transport/graphql/card-page.resolver.js';
import { InvoicePaymentsResolver, PaymentResolver } from './transport/graphql/payment.resolver.js';
import { PayeeResolver, PayeeStatementResolver } from './transport/graphql/payee.resolver.js';
import { PaymentTermsResolver } from './transport/graphql/payment-terms.resolver.js';
import { PriceFeedResolver } from './transport/graphql/price-feed.resolver.js';
import { ProviderPayoutResolver } from './transport/graphql/provider-payout.resolver.js';
import { RevenueResolver } from './transport/graphql/revenue.resolver.js';
import { SessionResolver } from './transport/graphql/session.resolver.js';
import { TariffVersionResolver } from './transport/graphql/tariff-version.resolver.js';
import { TariffSourceResolver } from './transport/graphql/tariff-source.resolver.js';
import { TariffManagementResolver } from './transport/graphql/tariff-management.resolver.js';
import { TariffResolver } from './transport/graphql/tariff.resolver.js';
import { TransparencyResolver } from './transport/graphql/transparency.resolver.js';
import { VatCheckResolver } from './transport/graphql/vat-check.resolver.js';
import { WalletResolver } from './transport/graphql/wallet.resolver.js';
import { BillingGrpc } from './transport/grpc/billing.grpc.js';
import { AgreeTerms } from './usecases/agree-terms.js';
import { ApplyTariff } from './usecases/apply-tariff.js';
import { AssignTariffs } from './usecases/assign-tariffs.js';
import { AwaitFinalCost } from './usecases/await-final-cost.js';
import { BillSession } from './usecases/bill-session.js';
import { CardFunds } from './usecases/card-funds.js';
import { CheckVatNumber } from './usecases/check-vat-number.js';
import { COLLECTIVE, type CollectiveSettings } from './usecases/collective-settings.js';
import { CorrectBill } from './usecases/correct-bill.js';
import { CreateQuote } from './usecases/create-quote.js';
import { DecideDispute } from './usecases/decide-dispute.js';
import { DecideHold } from './usecases/decide-hold.js';
import { DropOldRegisters } from './usecases/drop-old-registers.js';
import { ActOnDunning } from './usecases/dunning/act-on-dunning.js';
import { AgreeDunning } from './usecases/dunning/agree-dunning.js';
import { DunCases } from './usecases/dunning/dun-cases.js';
import { FindDunning } from './usecases/dunning/find-dunning.js';
import { KeepCase } from './usecases/dunning/keep-case.js';
import { OpenDunningCases } from './usecases/dunning/open-dunning-cases.js';
import { SettleDunning } from './usecases/dunning/settle-dunning.js';
import { ViewDunning } from './usecases/dunning/view-dunning.js';
import { WriteOff } from './usecases/dunning/write-off.js';
import { EnergySoFar } from './usecases/energy-so-far.js';
import { FeedClient } from './usecases/feeds/feed-client.js';
import { FetchPriceFeeds } from './usecases/feeds/fetch-price-feeds.js';
import { ForgetOldPrices } from './usecases/feeds/forget-old-prices.js';
import { ManageFeeds } from './usecases/feeds/manage-feeds.js';
import { FollowAccount } from './usecases/follow-account.js';
import { FollowPlaces } from './usecases/follow-places.js';
import { FollowReservation } from './usecases/follow-reservation.js';
import { FollowSession } from './usecases/follow-session.js';
import { ForgetVatChecks } from './usecases/forget-vat-checks.js';
import { JudgeTariffs } from './usecases/judge-tariffs.js';
import { ListForRoaming } from './usecases/list-for-roaming.js';
import { LookAtFunds } from './usecases/look-at-funds.js';
import { LockSessionQuote } from './usecases/lock-session-quote.js';
import { DocumentsForMail } from './usecases/documents/documents-for-mail.js';
import { InvoiceDocuments } from './usecases/documents/invoice-documents.js';
import { InvoiceCdr } from './usecases/invoice-cdr.js';
import { IssueCollectiveInvoices } from './usecases/issue-collective-invoices.js';
import { MakeInvoice } from './usecases/make-invoice.js';
import { OpenDispute } from './usecases/open-dispute.js';
import { IssuePayeeStatements } from './usecases/payees/issue-payee-statements.js';
import { ManagePayees } from './usecases/payees/manage-payees.js';
import { ViewPayees } from './usecases/payees/view-payees.js';
import { PayInvoice } from './usecases/pay-invoice.js';
import { PlaceTariffs } from './usecases/place-tariffs.js';
import { PlanTariffs } from './usecases/plan-tariffs.js';
import { PreviewTariff } from './usecases/preview-tariff.js';
import { PublishTariff } from './usecases/publish-tariff.js';
import { RecomputeInvoice } from './usecases/recompute-invoice.js';
import { RecordTransfer } from './usecases/record-transfer.js';
import { SELLER, type Seller } from './usecases/seller.js';
import { SendCost } from './usecases/send-cost.js';
import { SendStop } from './usecases/send-stop.js';
import { SettleDueSessions } from './usecases/settle-due-sessions.js';
import { SettleSession } from './usecases/settle-session.js';
import { ShowCosts } from './usecases/show-costs.js';
import { StopUnfunded } from './usecases/stop-unfunded.js';
import { TakeEnergy } from './usecases/take-energy.js';
import { MakeTariffs } from './usecases/sources/make-tariffs.js';
import { ManageGroups } from './usecases/sources/manage-groups.js';
import { ManageSources } from './usecases/sources/manage-sources.js';
import { PreviewSource } from './usecases/sources/preview-source.js';
import { ManageSubscriptions } from './usecases/sources/manage-subscriptions.js';
import { TellCosts } from './usecases/tell-costs.js';
import { TurnTariffs } from './usecases/turn-tariffs.js';
import { TopUpWallet } from './usecases/top-up-wallet.js';
import { NO_REGISTER, VAT_REGISTER, ViesRegister, type VatRegister } from './usecases/vat-register.js';
import { ViewDisputes } from './usecases/view-disputes.js';
import { ViewHolds } from './usecases/view-holds.js';
import { ViewInvoices } from './usecases/view-invoices.js';
import { ViewLedger } from './usecases/view-ledger.js';
import { ViewRevenue } from './usecases/view-revenue.js';
import { ViewSession } from './usecases/view-session.js';
import { ViewTariffs } from './usecases/view-tariffs.js';

type Config = ConfigOf<typeof configShape>;

const consumers = [
  AccountChangedConsumer,
  LocationChangedConsumer,
  ReservationChangedConsumer,
  SessionChargingStateChangedConsumer,
  SessionEndedConsumer,
  SessionMeteredConsumer,
  SessionStartedConsumer,
  StationChangedConsumer,
];
const resolvers = [
  CardPageResolver,
  DisputeResolver,
  DocumentResolver,
  ChargebackResolver,
  CorrectionResolver,
  DunningResolver,
  DunningSettingsResolver,
  HoldResolver,
  InvoiceDunningResolver,
  InvoicePaymentsResolver,
  InvoicedSessionResolver,
  InvoicedSessionsResolver,
  InvoiceResolver,
  PayeeResolver,
  PayeeStatementResolver,
  PaymentResolver,
  PaymentTermsResolver,
  PriceFeedResolver,
  ProviderPayoutResolver,
  RevenueResolver,
  SessionResolver,
  TariffManagementResolver,
  TariffResolver,
  TariffSourceResolver,
  TariffVersionResolver,
  TransparencyResolver,
  VatCheckResolver,
  WalletResolver,
];

const dunning = [
  ActOnDunning,
  AgreeDunning,
  DunCases,
  FindDunning,
  KeepCase,
  OpenDunningCases,
  SettleDunning,
  ViewDunning,
  WriteOff,
];

@Module({
  providers: [
    ...dunning,
    ...consumers,
    ...resolvers,
    ...peerProviders,
    ...cardProviders,
    AgreeTerms,
    ApplyTariff,
    AssignTariffs,
    AwaitFinalCost,
    BillingGrpc,
    BillSession,
    CardFunds,
    CheckVatNumber,
    CorrectBill,
    CreateQuote,
    DecideDispute,
    DecideHold,
    DropOldRegisters,
    EnergySoFar,
    FeedClient,
    FetchPriceFeeds,
    FollowAccount,
    FollowPlaces,
    FollowReservation,
    FollowSession,
    ForgetOldPrices,
    ForgetVatChecks,
    InvoiceCdr,
    DocumentsForMail,
    InvoiceDocuments,
    JudgeTariffs,
    IssueCollectiveInvoices,
    IssuePayeeStatements,
    ListForRoaming,
    LockSessionQuote,
    LookAtFunds,
    MakeInvoice,
    MakeTariffs,
    ManageFeeds,
    ManageGroups,
    ManagePayees,
    ManageSources,
    PreviewSource,
    ManageSubscriptions,
    OpenDispute,
    PayInvoice,
    PlaceTariffs,
    PlanTariffs,
    PreviewTariff,
    PublishTariff,
    RecomputeInvoice,
    RecordTransfer,
    SendCost,
    SendStop,
    SettleDueSessions,
    SettleSession,
    ShowCosts,
    StopUnfunded,
    TakeEnergy,
    TellCosts,
    TopUpWallet,
    TurnTariffs,
    ViewDisputes,
    ViewHolds,
    ViewInvoices,
    ViewLedger,
    ViewPayees,
    ViewRevenue,
    ViewSession,
    ViewTariffs,
    { provide: COLLECTIVE, useFactory: collectiveOf, inject: [CONFIG] },
    { provide: SELLER, useFactory: sellerOf, inject: [CONFIG] },
    { provide: VAT_REGISTER, useFactory: vatRegisterOf, inject: [CONFIG, LOGGER] },
  ],
})
export class BillingModule {}

/** The whole service, for main.ts and for integration tests. */
export function billingService(config: Config): ServiceOptions {
  return {
    name: 'billing',
    config,
    module: BillingModule,
    graphql: { schemaPath: new URL('./transport/graphql/schema.graphql', import.meta.url).pathname },
    grpc: [{ service: billing.BillingServiceService, implementation: BillingGrpc }],
    consumers,
    dueWork: [
      ...cardWork,
      DropOldRegisters,
      DunCases,
      FetchPriceFeeds,
      ForgetOldPrices,
      ForgetVatChecks,
      LookAtFunds,
      MakeTariffs,
      OpenDunningCases,
      IssueCollectiveInvoices,
      IssuePayeeStatements,
      SettleDueSessions,
      StopUnfunded,
      TellCosts,
      TurnTariffs,
    ],
    migrations,
  };
}

function sellerOf(config: Config): Seller {
  return {
    party: {
      name: config.KW_SELLER_NAME,
      address: config.KW_SELLER_ADDRESS,
      country: config.KW_SELLER_COUNTRY,
      ...(config.KW_SELLER_VAT_ID ? { vatId: config.KW_SELLER_VAT_ID } : {}),
    },
    series: config.KW_INVOICE_PREFIX,
    creditSeries: creditSeriesOf(config),
    timeZone: config.KW_SELLER_TIME_ZONE,
  };
}

function collectiveOf(config: Config): CollectiveSettings {
  return { timeZone: config.KW_SELLER_TIME_ZONE, waitMs: config.KW_COLLECTIVE_INVOICE_HOURS * 3_600_000 };
}

function creditSeriesOf({ KW_INVOICE_PREFIX: series, KW_CREDIT_NOTE_PREFIX: own }: Config): string {
  const credits = own ?? `${series.slice(0, 11)}C`;
  if (credits !== series) return credits;
  throw invalid(
    'BILLING_CREDIT_SERIES',
    `Set KW_CREDIT_NOTE_PREFIX to another series than that of the invoices, ${series}.`,
  );
}

function vatRegisterOf(config: Config, log: Logger): VatRegister {
  if (config.KW_VAT_REGISTER === 'none') return NO_REGISTER;
  return new ViesRegister(config.KW_VIES_URL, EgressPolicy.parse(config.KW_EGRESS_ALLOW), log);
}
