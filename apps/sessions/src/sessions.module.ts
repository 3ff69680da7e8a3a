import { Module } from '@nestjs/common';
import { sessions } from '@kilowatch/contracts';
import type { ServiceOptions } from '@kilowatch/platform';
import type { SessionsConfig } from './config.js';
import { peerProviders } from './peers.js';
import { CommandAuditEntity } from './persistence/command-audit.entity.js';
import { CommandAuditRepository } from './persistence/command-audit.repository.js';
import { ImportRepository } from './persistence/import.repository.js';
import { LocationListingRepository } from './persistence/location-listing.repository.js';
import { migrations } from './persistence/migrations/index.js';
import { OrphanRepository } from './persistence/orphan.repository.js';
import { PlaceRepository } from './persistence/place.repository.js';
import { RemoteStartRepository } from './persistence/remote-start.repository.js';
import { SecurityEventRepository } from './persistence/security-event.repository.js';
import { SessionReadingRepository } from './persistence/session-reading.repository.js';
import { SessionRepository } from './persistence/session.repository.js';
import { SituationRepository } from './persistence/situation.repository.js';
import { StationVariableRepository } from './persistence/station-variable.repository.js';
import { StationRepository } from './persistence/station.repository.js';
import { TokenHolderRepository } from './persistence/token-holder.repository.js';
import { StationConnectedConsumer } from './transport/events/station-connected.consumer.js';
import { StationDisconnectedConsumer } from './transport/events/station-disconnected.consumer.js';
import { TokenChangedConsumer } from './transport/events/token-changed.consumer.js';
import { ChargingResolver } from './transport/graphql/charging.resolver.js';
import { ConnectorResolver } from './transport/graphql/connector.resolver.js';
import { LocationResolver } from './transport/graphql/location.resolver.js';
import { OperatorResolver } from './transport/graphql/operator.resolver.js';
import { OrphanResolver } from './transport/graphql/orphan.resolver.js';
import { PlaceLoader } from './transport/graphql/place-loader.js';
import { SessionResolver } from './transport/graphql/session.resolver.js';
import { StationDeviceResolver } from './transport/graphql/station-device.resolver.js';
import { StationResolver } from './transport/graphql/station.resolver.js';
import { SessionsGrpc } from './transport/grpc/sessions.grpc.js';
import { CommandStation } from './usecases/command-station.js';
import { DecideToken } from './usecases/decide-token.js';
import { ImportStations } from './usecases/import-stations.js';
import { ListLocations } from './usecases/list-locations.js';
import { NoteTokenHolder } from './usecases/note-token-holder.js';
import { ReadPlaces } from './usecases/read-places.js';
import { ReadSessions } from './usecases/read-sessions.js';
import { ReadStationDevice } from './usecases/read-station-device.js';
import { RecordBoot } from './usecases/record-boot.js';
import { RecordConnection } from './usecases/record-connection.js';
import { RecordConnectorStatus } from './usecases/record-connector-status.js';
import { RecordSecurityEvent } from './usecases/record-security-event.js';
import { RecordStationMessage } from './usecases/record-station-message.js';
import { RecordStationReport } from './usecases/record-station-report.js';
import { RecordTransaction } from './usecases/record-transaction.js';
import { RunCommand } from './usecases/run-command.js';
import { SaveTransaction } from './usecases/save-transaction.js';
import { StartSession } from './usecases/start-session.js';
import { StationCredentials } from './usecases/station-credentials.js';
import { StopSession } from './usecases/stop-session.js';

const consumers = [StationConnectedConsumer, StationDisconnectedConsumer, TokenChangedConsumer];

const repositories = [
  CommandAuditRepository,
  ImportRepository,
  LocationListingRepository,
  OrphanRepository,
  PlaceRepository,
  RemoteStartRepository,
  SecurityEventRepository,
  SessionReadingRepository,
  SessionRepository,
  SituationRepository,
  StationRepository,
  StationVariableRepository,
  TokenHolderRepository,
];

const usecases = [
  CommandStation,
  DecideToken,
  ImportStations,
  ListLocations,
  NoteTokenHolder,
  ReadPlaces,
  ReadSessions,
  ReadStationDevice,
  RecordBoot,
  RecordConnection,
  RecordConnectorStatus,
  RecordSecurityEvent,
  RecordStationMessage,
  RecordStationReport,
  RecordTransaction,
  RunCommand,
  SaveTransaction,
  StartSession,
  StationCredentials,
  StopSession,
];

const resolvers = [
  ChargingResolver,
  ConnectorResolver,
  LocationResolver,
  OperatorResolver,
  OrphanResolver,
  PlaceLoader,
  SessionResolver,
  StationDeviceResolver,
  StationResolver,
];

@Module({
  providers: [...consumers, ...peerProviders, ...repositories, ...usecases, ...resolvers, SessionsGrpc],
})
export class SessionsModule {}

/** The whole service, for main.ts and for integration tests. */
export function sessionsService(config: SessionsConfig): ServiceOptions {
  return {
    name: 'sessions',
    config,
    module: SessionsModule,
    graphql: { schemaPath: new URL('./transport/graphql/schema.graphql', import.meta.url).pathname },
    grpc: [{ service: sessions.SessionsServiceService, implementation: SessionsGrpc }],
    consumers,
    entities: [CommandAuditEntity],
    migrations,
  };
}
