import { Module } from '@nestjs/common';
import { auth } from '@kilowatch/contracts';
import type { ConfigOf, ServiceOptions } from '@kilowatch/platform';
import type { configShape } from './config.js';
import { peerProviders } from './peers.js';
import { peopleProviders } from './people-providers.js';
import { migrations } from './persistence/migrations/index.js';
import { LocationChangedConsumer } from './transport/events/location-changed.consumer.js';
import { SessionChargingStateChangedConsumer } from './transport/events/session-charging-state-changed.consumer.js';
import { SessionEndedConsumer } from './transport/events/session-ended.consumer.js';
import { SessionStartedConsumer } from './transport/events/session-started.consumer.js';
import { StationChangedConsumer } from './transport/events/station-changed.consumer.js';
import { WalletChangedConsumer } from './transport/events/wallet-changed.consumer.js';
import { AccountResolver } from './transport/graphql/account.resolver.js';
import { AuthorizationResolver } from './transport/graphql/authorization.resolver.js';
import { TokenResolver } from './transport/graphql/token.resolver.js';
import { AuthGrpc } from './transport/grpc/auth.grpc.js';
import { PeopleGrpc } from './transport/grpc/people.grpc.js';
import { JwksController } from './transport/http/jwks.controller.js';
import { AccessTokens } from './usecases/access-tokens.js';
import { AppToken } from './usecases/app-token.js';
import { BootstrapAdmin } from './usecases/bootstrap-admin.js';
import { CheckContract } from './usecases/check-contract.js';
import { CreateAccount } from './usecases/create-account.js';
import { DecideToken } from './usecases/decide-token.js';
import { DecisionInputs } from './usecases/decision-input.js';
import { ExplainDecision } from './usecases/explain-decision.js';
import { ExternalAccounts } from './usecases/external-accounts.js';
import { FollowPlaces } from './usecases/follow-places.js';
import { ForgetSignIns } from './usecases/forget-sign-ins.js';
import { ImportTokens } from './usecases/import-tokens.js';
import { KeyedHash } from './usecases/keyed-hash.js';
import { Passwords } from './usecases/passwords.js';
import { SetAccountActive } from './usecases/set-account-active.js';
import { SetAuthorizationPolicy } from './usecases/set-authorization-policy.js';
import { SetStationCredential } from './usecases/set-station-credential.js';
import { SetStationSubprotocols } from './usecases/set-station-subprotocols.js';
import { StationCertificateCheck } from './usecases/station-certificate-check.js';
import { StationCommands } from './usecases/station-commands.js';
import { TokenKeys } from './usecases/token-keys.js';
import { VerifyStation } from './usecases/verify-station.js';
import { ViewPeople } from './usecases/view-people.js';

const consumers = [
  LocationChangedConsumer,
  SessionChargingStateChangedConsumer,
  SessionEndedConsumer,
  SessionStartedConsumer,
  StationChangedConsumer,
  WalletChangedConsumer,
];

@Module({
  controllers: [JwksController],
  providers: [
    ...consumers,
    ...peerProviders,
    ...peopleProviders,
    AccessTokens,
    AccountResolver,
    AppToken,
    AuthGrpc,
    AuthorizationResolver,
    BootstrapAdmin,
    CheckContract,
    CreateAccount,
    DecideToken,
    DecisionInputs,
    ExplainDecision,
    ExternalAccounts,
    FollowPlaces,
    ImportTokens,
    KeyedHash,
    Passwords,
    SetAccountActive,
    SetAuthorizationPolicy,
    SetStationCredential,
    SetStationSubprotocols,
    StationCertificateCheck,
    StationCommands,
    TokenKeys,
    TokenResolver,
    VerifyStation,
    ViewPeople,
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
    ],
    consumers,
    dueWork: [ForgetSignIns],
    migrations,
  };
}
