import { Module } from '@nestjs/common';
import { auth } from '@kilowatch/contracts';
import type { ConfigOf, ServiceOptions } from '@kilowatch/platform';
import type { configShape } from './config.js';
import { localListConsumers, localListProviders, localListWork } from './local-list-providers.js';
import { peerProviders } from './peers.js';
import { contractProviders } from './contract-providers.js';
import { peopleProviders } from './people-providers.js';
import { migrations } from './persistence/migrations/index.js';
import { AuthorizationDecidedConsumer } from './transport/events/authorization-decided.consumer.js';
import { DecisionsRecordedConsumer } from './transport/events/decisions-recorded.consumer.js';
import { ConnectionsRefusedConsumer } from './transport/events/connections-refused.consumer.js';
import { LocationChangedConsumer } from './transport/events/location-changed.consumer.js';
import { SecurityEventRecordedConsumer } from './transport/events/security-event-recorded.consumer.js';
import { SessionChargingStateChangedConsumer } from './transport/events/session-charging-state-changed.consumer.js';
import { SessionEndedConsumer } from './transport/events/session-ended.consumer.js';
import { SessionMeteredConsumer } from './transport/events/session-metered.consumer.js';
import { SessionStartedConsumer } from './transport/events/session-started.consumer.js';
import { StationChangedConsumer } from './transport/events/station-changed.consumer.js';
import { StationConnectedConsumer } from './transport/events/station-connected.consumer.js';
import { StationDisconnectedConsumer } from './transport/events/station-disconnected.consumer.js';
import { AccountFundsChangedConsumer } from './transport/events/account-funds-changed.consumer.js';
import { WalletChangedConsumer } from './transport/events/wallet-changed.consumer.js';
import { AccountResolver } from './transport/graphql/account.resolver.js';
import { AttemptResolver, WatchedTokenResolver } from './transport/graphql/attempt.resolver.js';
import { AuthorizationResolver } from './transport/graphql/authorization.resolver.js';
import { StationCertificateResolver } from './transport/graphql/station-certificate.resolver.js';
import { StationSecurityResolver } from './transport/graphql/station-security.resolver.js';
import { StationResolver } from './transport/graphql/station.resolver.js';
import { UnknownTokenResolver } from './transport/graphql/unknown-token.resolver.js';
import { TokenResolver } from './transport/graphql/token.resolver.js';
import { AuthGrpc } from './transport/grpc/auth.grpc.js';
import { CertificateGrpc } from './transport/grpc/certificate.grpc.js';
import { PeopleGrpc } from './transport/grpc/people.grpc.js';
import { ContractGrpc } from './transport/grpc/contract.grpc.js';
import { JwksController } from './transport/http/jwks.controller.js';
import { SimulatedPoolController } from './transport/http/simulated-pool.controller.js';
import { StationCaController } from './transport/http/station-ca.controller.js';
import { trustProviders } from './trust-providers.js';
import { AccessTokens } from './usecases/access-tokens.js';
import { RevokedTokenList } from './usecases/revoked-tokens.js';
import { ActOnIncident } from './usecases/act-on-incident.js';
import { AppToken } from './usecases/app-token.js';
import { AskStation } from './usecases/ask-station.js';
import { AttemptGuard } from './usecases/attempt-guard.js';
import { AttemptPolicies } from './usecases/attempt-policies.js';
import { AttemptsInEvents } from './usecases/attempts-in-events.js';
import { Authorities } from './usecases/authority/authorities.js';
import { BootstrapAdmin } from './usecases/bootstrap-admin.js';
import { CheckFirmwareSigner } from './usecases/check-firmware-signer.js';
import { CloseIncident } from './usecases/close-incident.js';
import { ForgedChains } from './usecases/forged-chains.js';
import { CloseQuietIncidents } from './usecases/close-quiet-incidents.js';
import { CreateAccount } from './usecases/create-account.js';
import { DecideToken } from './usecases/decide-token.js';
import { DecisionInputs } from './usecases/decision-input.js';
import { DeliverCertificate } from './usecases/deliver-certificate.js';
import { ExplainDecision } from './usecases/explain-decision.js';
import { ExternalAccounts } from './usecases/external-accounts.js';
import { FollowArrivals } from './usecases/follow-arrivals.js';
import { FollowPlaces } from './usecases/follow-places.js';
import { ForgetAttempts } from './usecases/forget-attempts.js';
import { ForgetSignIns } from './usecases/forget-sign-ins.js';
import { ImportTokens } from './usecases/import-tokens.js';
import { IssueCertificate } from './usecases/issue-certificate.js';
import { KeyedHash } from './usecases/keyed-hash.js';
import { LookAtRoots } from './usecases/look-at-roots.js';
import { LookAtStationRoots } from './usecases/look-at-station-roots.js';
import { ManageCertificates } from './usecases/manage-certificates.js';
import { ManageRoots } from './usecases/manage-roots.js';
import { MonitorAttempts } from './usecases/monitor-attempts.js';
import { Passwords } from './usecases/passwords.js';
import { RefreshRevocation } from './usecases/refresh-revocation.js';
import { EndRevokedConnections } from './usecases/end-revoked-connections.js';
import { RefusedSignIns } from './usecases/refused-sign-ins.js';
import { RenewCertificates } from './usecases/renew-certificates.js';
import { NetworkPassword } from './usecases/network-password.js';
import { RepairCredentials } from './usecases/repair-credentials.js';
import { ReportRefusedCertificate } from './usecases/report-refused-certificate.js';
import { RequestCertificate } from './usecases/request-certificate.js';
import { RetireCertificates } from './usecases/retire-certificates.js';
import { RestoreNetworkProfiles } from './usecases/restore-network-profiles.js';
import { RotatePassword } from './usecases/rotate-password.js';
import { RunUpgrades } from './usecases/run-upgrades.js';
import { SetAccountActive } from './usecases/set-account-active.js';
import { SetAuthorizationPolicy } from './usecases/set-authorization-policy.js';
import { SetStationCredential } from './usecases/set-station-credential.js';
import { SetStationPings } from './usecases/set-station-pings.js';
import { SetStationSubprotocols } from './usecases/set-station-subprotocols.js';
import { SignCertificates } from './usecases/sign-certificates.js';
import { StationAnchors } from './usecases/station-anchors.js';
import { StationCa } from './usecases/station-ca.js';
import { StationCertificateCheck } from './usecases/station-certificate-check.js';
import { StationCommands } from './usecases/station-commands.js';
import { SyncPoolRoots } from './usecases/sync-pool-roots.js';
import { ForgetUnknownTokens, UnknownTokens } from './usecases/unknown-tokens.js';
import { TokenKeys } from './usecases/token-keys.js';
import { UpgradeSecurity } from './usecases/upgrade-security.js';
import { UpgradeStepper } from './usecases/upgrade-step.js';
import { VerifyStation } from './usecases/verify-station.js';
import { ViewIncidents } from './usecases/view-incidents.js';
import { ViewPeople } from './usecases/view-people.js';

const consumers = [
  ...localListConsumers,
  AuthorizationDecidedConsumer,
  ConnectionsRefusedConsumer,
  DecisionsRecordedConsumer,
  LocationChangedConsumer,
  SecurityEventRecordedConsumer,
  SessionChargingStateChangedConsumer,
  SessionEndedConsumer,
  SessionMeteredConsumer,
  SessionStartedConsumer,
  StationChangedConsumer,
  StationConnectedConsumer,
  StationDisconnectedConsumer,
  AccountFundsChangedConsumer,
  WalletChangedConsumer,
];

@Module({
  controllers: [JwksController, SimulatedPoolController, StationCaController],
  providers: [
    ...consumers,
    ...localListProviders,
    ...contractProviders,
    ...peerProviders,
    ...peopleProviders,
    ...trustProviders,
    AccessTokens,
    RevokedTokenList,
    AccountResolver,
    ActOnIncident,
    AppToken,
    AskStation,
    AttemptGuard,
    AttemptPolicies,
    AttemptResolver,
    AttemptsInEvents,
    AuthGrpc,
    Authorities,
    AuthorizationResolver,
    BootstrapAdmin,
    CertificateGrpc,
    CheckFirmwareSigner,
    CloseIncident,
    ForgedChains,
    CloseQuietIncidents,
    CreateAccount,
    DecideToken,
    DecisionInputs,
    DeliverCertificate,
    ExplainDecision,
    ExternalAccounts,
    FollowArrivals,
    FollowPlaces,
    ForgetAttempts,
    ImportTokens,
    IssueCertificate,
    KeyedHash,
    LookAtRoots,
    LookAtStationRoots,
    ManageCertificates,
    ManageRoots,
    MonitorAttempts,
    Passwords,
    EndRevokedConnections,
    RenewCertificates,
    NetworkPassword,
    RepairCredentials,
    RestoreNetworkProfiles,
    ReportRefusedCertificate,
    RequestCertificate,
    RetireCertificates,
    RotatePassword,
    RunUpgrades,
    SetAccountActive,
    SetAuthorizationPolicy,
    SetStationCredential,
    SetStationPings,
    SetStationSubprotocols,
    SignCertificates,
    StationAnchors,
    StationCa,
    StationCertificateCheck,
    StationCertificateResolver,
    StationCommands,
    StationResolver,
    StationSecurityResolver,
    ForgetUnknownTokens,
    TokenKeys,
    TokenResolver,
    UnknownTokenResolver,
    UnknownTokens,
    UpgradeSecurity,
    UpgradeStepper,
    VerifyStation,
    ViewIncidents,
    ViewPeople,
    WatchedTokenResolver,
  ],
})
export class AuthModule {}

/** The whole service, for main.ts and for integration tests. */
export function authService(config: ConfigOf<typeof configShape>): ServiceOptions {
  return {
    name: 'auth',
    config,
    module: AuthModule,
    graphql: { schemaPath: new URL('./transport/graphql/schema.graphql', import.meta.url).pathname },
    grpc: [
      { service: auth.AuthServiceService, implementation: AuthGrpc },
      { service: auth.PeopleServiceService, implementation: PeopleGrpc },
      { service: auth.CertificateServiceService, implementation: CertificateGrpc },
      { service: auth.ContractServiceService, implementation: ContractGrpc },
    ],
    consumers,
    dueWork: [
      ...localListWork,
      CloseQuietIncidents,
      ForgetAttempts,
      ForgetSignIns,
      ForgetUnknownTokens,
      LookAtStationRoots,
      RefreshRevocation,
      RefusedSignIns,
      EndRevokedConnections,
      RenewCertificates,
      RepairCredentials,
      RestoreNetworkProfiles,
      RunUpgrades,
      SignCertificates,
      SyncPoolRoots,
    ],
    migrations,
  };
}
