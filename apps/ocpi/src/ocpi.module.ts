import { Module } from '@nestjs/common';
import type { ConfigOf, ServiceOptions } from '@kilowatch/platform';
import type { configShape } from './config.js';
import { peerProviders } from './peers.js';
import { migrations } from './persistence/migrations/index.js';
import { CdrIssuedConsumer } from './transport/events/cdr-issued.consumer.js';
import { SessionChargingStateChangedConsumer } from './transport/events/session-charging-state-changed.consumer.js';
import { SessionEndedConsumer } from './transport/events/session-ended.consumer.js';
import { SessionMeteredConsumer } from './transport/events/session-metered.consumer.js';
import { SessionStartedConsumer } from './transport/events/session-started.consumer.js';
import { PartnerResolver } from './transport/graphql/partner.resolver.js';
import { Modules } from './transport/ocpi/modules.js';
import { OcpiServer } from './transport/ocpi/ocpi-server.js';
import { AnswerHandshake } from './usecases/answer-handshake.js';
import { AuthenticatePartner } from './usecases/authenticate-partner.js';
import { FollowSession } from './usecases/follow-session.js';
import { ManagePartners } from './usecases/manage-partners.js';
import { OwnParty } from './usecases/own-party.js';
import { PartnerClient } from './usecases/partner-client.js';
import { PublishCdrs } from './usecases/publish-cdrs.js';
import { PublishLocations } from './usecases/publish-locations.js';
import { PublishSessions } from './usecases/publish-sessions.js';
import { PublishTariffs } from './usecases/publish-tariffs.js';
import { RotateCredentials } from './usecases/rotate-credentials.js';
import { StartHandshake } from './usecases/start-handshake.js';
import { TokenVault } from './usecases/token-vault.js';

const consumers = [
  CdrIssuedConsumer,
  SessionChargingStateChangedConsumer,
  SessionEndedConsumer,
  SessionMeteredConsumer,
  SessionStartedConsumer,
];

@Module({
  providers: [
    ...consumers,
    ...peerProviders,
    AnswerHandshake,
    AuthenticatePartner,
    FollowSession,
    ManagePartners,
    Modules,
    OcpiServer,
    OwnParty,
    PartnerClient,
    PartnerResolver,
    PublishCdrs,
    PublishLocations,
    PublishSessions,
    PublishTariffs,
    RotateCredentials,
    StartHandshake,
    TokenVault,
  ],
})
export class OcpiModule {}

/** The whole service, for main.ts and for integration tests. */
export function ocpiService(config: ConfigOf<typeof configShape>): ServiceOptions {
  return {
    name: 'ocpi',
    config,
    module: OcpiModule,
    graphql: { schemaPath: new URL('./transport/graphql/schema.graphql', import.meta.url).pathname },
    consumers,
    migrations,
    publishes: false,
  };
}
