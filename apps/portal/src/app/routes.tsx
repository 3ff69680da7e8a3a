import { lazy } from 'react';
import { Navigate, Route, Routes } from 'react-router';
import { viewOf } from '../api/account-rights.js';
import { isOperator, useAccount, useApi } from '../api/api-context.js';
import { AccountPage } from '../pages/account/account-page.js';
import { InvoicePage } from '../pages/driver/invoice-page.js';
import { InvoicesPage } from '../pages/driver/invoices-page.js';
import { MyChargingPage } from '../pages/driver/my-charging-page.js';
import { StartPage } from '../pages/driver/start-page.js';
import { PartnerPage } from '../pages/partner/partner-page.js';
import { AfterProvider, PROVIDER_RETURN_PATH } from '../pages/entry/provider-return-page.js';
import { AlertPage } from '../pages/shared/alert-page.js';
import { AlertsPage } from '../pages/shared/alerts-page.js';
import { NotFoundPage } from '../pages/shared/not-found-page.js';
import { SessionPage } from '../pages/session/session-page.js';
import { Shell } from './shell.js';

/** Of pages for people who are not signed in: whoever is goes to their start. */
const ENTRY_PATHS = ['/sign-in', '/register', '/confirm-email', '/confirm-again', '/forgotten-password'];

// Seldom opened, and the QR code comes with it.
const SecurityPage = lazy(async () => ({
  default: (await import('../pages/account/security-page.js')).SecurityPage,
}));
const CardsPage = lazy(async () => ({
  default: (await import('../pages/account/cards-page.js')).CardsPage,
}));
const PaymentPage = lazy(async () => ({
  default: (await import('../pages/account/payment-page.js')).PaymentPage,
}));
const ContractsPage = lazy(async () => ({
  default: (await import('../pages/account/contracts-page.js')).ContractsPage,
}));
// Drivers do not download what only operators see.
const AnomaliesPage = lazy(async () => ({
  default: (await import('../pages/operator/anomalies-page.js')).AnomaliesPage,
}));
const LiveSessionsPage = lazy(async () => ({
  default: (await import('../pages/operator/live-sessions-page.js')).LiveSessionsPage,
}));
const OverviewPage = lazy(async () => ({
  default: (await import('../pages/operator/overview-page.js')).OverviewPage,
}));
const StationPage = lazy(async () => ({
  default: (await import('../pages/operator/station-page.js')).StationPage,
}));
const StationsPage = lazy(async () => ({
  default: (await import('../pages/operator/stations-page.js')).StationsPage,
}));
const StationConnectionPage = lazy(async () => ({
  default: (await import('../pages/operator/station-connection-page.js')).StationConnectionPage,
}));
const StationMessagesPage = lazy(async () => ({
  default: (await import('../pages/operator/station-messages-page.js')).StationMessagesPage,
}));
const StationCommandsPage = lazy(async () => ({
  default: (await import('../pages/operator/station-commands-page.js')).StationCommandsPage,
}));
const ConnectionAttemptsPage = lazy(async () => ({
  default: (await import('../pages/operator/connection-attempts-page.js')).ConnectionAttemptsPage,
}));
const SetAsidePage = lazy(async () => ({
  default: (await import('../pages/operator/set-aside-page.js')).SetAsidePage,
}));
const IncidentsPage = lazy(async () => ({
  default: (await import('../pages/operator/incidents-page.js')).IncidentsPage,
}));
const TariffsPage = lazy(async () => ({
  default: (await import('../pages/operator/tariffs-page.js')).TariffsPage,
}));
const PayeesPage = lazy(async () => ({
  default: (await import('../pages/operator/payees-page.js')).PayeesPage,
}));
const PayeePage = lazy(async () => ({
  default: (await import('../pages/operator/payee-page.js')).PayeePage,
}));
const PayoutsPage = lazy(async () => ({
  default: (await import('../pages/operator/payouts-page.js')).PayoutsPage,
}));
const RevenuePage = lazy(async () => ({
  default: (await import('../pages/operator/revenue-page.js')).RevenuePage,
}));
const TariffHistoryPage = lazy(async () => ({
  default: (await import('../pages/operator/tariff-history-page.js')).TariffHistoryPage,
}));
const PriceFeedsPage = lazy(async () => ({
  default: (await import('../pages/operator/price-feeds-page.js')).PriceFeedsPage,
}));
const TariffSourcesPage = lazy(async () => ({
  default: (await import('../pages/operator/tariff-sources-page.js')).TariffSourcesPage,
}));
const SubscriptionsPage = lazy(async () => ({
  default: (await import('../pages/operator/subscriptions-page.js')).SubscriptionsPage,
}));
const TariffGroupsPage = lazy(async () => ({
  default: (await import('../pages/operator/tariff-groups-page.js')).TariffGroupsPage,
}));
const DefaultTermsPage = lazy(async () => ({
  default: (await import('../pages/operator/default-terms-page.js')).DefaultTermsPage,
}));
const HeldBillsPage = lazy(async () => ({
  default: (await import('../pages/operator/held-bills-page.js')).HeldBillsPage,
}));
const ChargebacksPage = lazy(async () => ({
  default: (await import('../pages/operator/chargebacks-page.js')).ChargebacksPage,
}));
const ObjectionsPage = lazy(async () => ({
  default: (await import('../pages/operator/objections-page.js')).ObjectionsPage,
}));
const OverdueBillsPage = lazy(async () => ({
  default: (await import('../pages/operator/overdue-bills-page.js')).OverdueBillsPage,
}));
const DunningCasePage = lazy(async () => ({
  default: (await import('../pages/operator/dunning-case-page.js')).DunningCasePage,
}));
const DunningSettingsPage = lazy(async () => ({
  default: (await import('../pages/operator/dunning-settings-page.js')).DunningSettingsPage,
}));
const IncidentPage = lazy(async () => ({
  default: (await import('../pages/operator/incident-page.js')).IncidentPage,
}));
const AttemptRulesPage = lazy(async () => ({
  default: (await import('../pages/operator/attempt-rules-page.js')).AttemptRulesPage,
}));
const UnknownCardsPage = lazy(async () => ({
  default: (await import('../pages/operator/unknown-cards-page.js')).UnknownCardsPage,
}));
const OperatorContractsPage = lazy(async () => ({
  default: (await import('../pages/operator/contracts-page.js')).OperatorContractsPage,
}));
const PeoplePage = lazy(async () => ({
  default: (await import('../pages/admin/people-page.js')).PeoplePage,
}));
const ClientsPage = lazy(async () => ({
  default: (await import('../pages/admin/clients-page.js')).ClientsPage,
}));
const AuditPage = lazy(async () => ({
  default: (await import('../pages/admin/audit-page.js')).AuditPage,
}));

export function SignedInRoutes() {
  const account = useAccount();
  const { auth } = useApi();
  if (viewOf(account.role) === 'partner')
    return <PartnerPage account={account} onSignOut={() => void auth.signOut()} />;
  const operator = isOperator(account);
  return (
    <Routes>
      <Route element={<Shell />}>
        <Route index element={<Navigate replace to={operator ? '/overview' : '/charging'} />} />
        {ENTRY_PATHS.map((path) => (
          <Route key={path} path={path} element={<Navigate replace to="/" />} />
        ))}
        <Route path={PROVIDER_RETURN_PATH} element={<AfterProvider />} />
        {operator ? operatorRoutes : driverRoutes}
        {account.role === 'ADMIN' && adminRoutes}
        <Route path="/sessions/:id" element={<SessionPage />} />
        <Route path="/invoices/:id" element={<InvoicePage />} />
        <Route path="/alerts" element={<AlertsPage />} />
        <Route path="/alerts/:id" element={<AlertPage />} />
        <Route path="/account" element={<AccountPage />} />
        <Route path="/account/security" element={<SecurityPage />} />
        <Route path="*" element={<NotFoundPage />} />
      </Route>
    </Routes>
  );
}

const driverRoutes = (
  <>
    <Route path="/charging" element={<MyChargingPage />} />
    <Route path="/start" element={<StartPage />} />
    <Route path="/invoices" element={<InvoicesPage />} />
    <Route path="/account/cards" element={<CardsPage />} />
    <Route path="/account/payment" element={<PaymentPage />} />
    <Route path="/account/contracts" element={<ContractsPage />} />
  </>
);

const operatorRoutes = (
  <>
    <Route path="/overview" element={<OverviewPage />} />
    <Route path="/stations" element={<StationsPage />} />
    <Route path="/stations/:id" element={<StationPage />} />
    <Route path="/stations/:id/connection" element={<StationConnectionPage />} />
    <Route path="/stations/:id/messages" element={<StationMessagesPage />} />
    <Route path="/stations/:id/commands" element={<StationCommandsPage />} />
    <Route path="/connection-attempts" element={<ConnectionAttemptsPage />} />
    <Route path="/set-aside" element={<SetAsidePage />} />
    <Route path="/sessions" element={<LiveSessionsPage />} />
    <Route path="/bills/held" element={<HeldBillsPage />} />
    <Route path="/bills/chargebacks" element={<ChargebacksPage />} />
    <Route path="/bills/objections" element={<ObjectionsPage />} />
    <Route path="/bills/overdue" element={<OverdueBillsPage />} />
    <Route path="/bills/overdue/settings" element={<DunningSettingsPage />} />
    <Route path="/bills/overdue/:id" element={<DunningCasePage />} />
    <Route path="/tariffs" element={<TariffsPage />} />
    <Route path="/tariffs/:id" element={<TariffHistoryPage />} />
    <Route path="/revenue" element={<RevenuePage />} />
    <Route path="/payouts" element={<PayoutsPage />} />
    <Route path="/payees" element={<PayeesPage />} />
    <Route path="/payees/:id" element={<PayeePage />} />
    <Route path="/prices" element={<Navigate replace to="/prices/feeds" />} />
    <Route path="/prices/feeds" element={<PriceFeedsPage />} />
    <Route path="/prices/made" element={<TariffSourcesPage />} />
    <Route path="/prices/subscriptions" element={<SubscriptionsPage />} />
    <Route path="/prices/groups" element={<TariffGroupsPage />} />
    <Route path="/prices/terms" element={<DefaultTermsPage />} />
    <Route path="/anomalies" element={<AnomaliesPage />} />
    <Route path="/attempts" element={<IncidentsPage />} />
    <Route path="/attempts/rules" element={<AttemptRulesPage />} />
    <Route path="/attempts/:id" element={<IncidentPage />} />
    <Route path="/unknown-cards" element={<UnknownCardsPage />} />
    <Route path="/contracts" element={<OperatorContractsPage />} />
  </>
);

const adminRoutes = (
  <>
    <Route path="/access" element={<Navigate replace to="/access/people" />} />
    <Route path="/access/people" element={<PeoplePage />} />
    <Route path="/access/clients" element={<ClientsPage />} />
    <Route path="/access/audit" element={<AuditPage />} />
  </>
);
