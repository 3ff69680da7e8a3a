import { Module } from '@nestjs/common';
import { sessions } from '@kilowatch/contracts';
import type { ServiceOptions } from '@kilowatch/platform';
import type { SessionsConfig } from './config.js';
import { peerProviders } from './peers.js';
import { BulkCommandRepository } from './persistence/bulk-command.repository.js';
import { CommandAuditEntity } from './persistence/command-audit.entity.js';
import { CommandAuditRepository } from './persistence/command-audit.repository.js';
import { CustomerInformationRepository } from './persistence/customer-information.repository.js';
import { DeviceEventRepository } from './persistence/device-event.repository.js';
import { DisplayMessageRepository } from './persistence/display-message.repository.js';
import { DynamicScheduleRepository } from './persistence/dynamic-schedule.repository.js';
import { EventStreamRepository } from './persistence/event-stream.repository.js';
import { FirmwareUpdateRepository } from './persistence/firmware-update.repository.js';
import { ImportRepository } from './persistence/import.repository.js';
import { LocationListingRepository } from './persistence/location-listing.repository.js';
import { LogRequestRepository } from './persistence/log-request.repository.js';
import { migrations } from './persistence/migrations/index.js';
import { MonitorRepository } from './persistence/monitor.repository.js';
import { OrphanRepository } from './persistence/orphan.repository.js';
import { PlaceRepository } from './persistence/place.repository.js';
import { ProvisionRepository } from './persistence/provision.repository.js';
import { ExpiredStartRepository } from './persistence/expired-start.repository.js';
import { RecoveryRepository } from './persistence/recovery.repository.js';
import { RemoteStartRepository } from './persistence/remote-start.repository.js';
import { ReservationRepository } from './persistence/reservation.repository.js';
import { SecurityEventRepository } from './persistence/security-event.repository.js';
import { SessionReadingRepository } from './persistence/session-reading.repository.js';
import { SessionRepository } from './persistence/session.repository.js';
import { SettingRepository } from './persistence/setting.repository.js';
import { SituationRepository } from './persistence/situation.repository.js';
import { StationOptionsRepository } from './persistence/station-options.repository.js';
import { StationReportRepository } from './persistence/station-report.repository.js';
import { StationVariableRepository } from './persistence/station-variable.repository.js';
import { StationRepository } from './persistence/station.repository.js';
import { TokenHolderRepository } from './persistence/token-holder.repository.js';
import { WantedAvailabilityRepository } from './persistence/wanted-availability.repository.js';
import { StationCertificateRefusedConsumer } from './transport/events/station-certificate-refused.consumer.js';
import { StationConnectedConsumer } from './transport/events/station-connected.consumer.js';
import { StationDisconnectedConsumer } from './transport/events/station-disconnected.consumer.js';
import { StationFileUploadedConsumer } from './transport/events/station-file-uploaded.consumer.js';
import { TokenChangedConsumer } from './transport/events/token-changed.consumer.js';
import { BulkCommandResolver } from './transport/graphql/bulk-command.resolver.js';
import { ChargingResolver } from './transport/graphql/charging.resolver.js';
import { ConnectorResolver } from './transport/graphql/connector.resolver.js';
import { LocationResolver } from './transport/graphql/location.resolver.js';
import { MonitoringResolver } from './transport/graphql/monitoring.resolver.js';
import { OperatorResolver } from './transport/graphql/operator.resolver.js';
import { OrphanResolver } from './transport/graphql/orphan.resolver.js';
import { PlaceLoader } from './transport/graphql/place-loader.js';
import { RecoveryResolver } from './transport/graphql/recovery.resolver.js';
import { ReservationResolver } from './transport/graphql/reservation.resolver.js';
import { SessionResolver } from './transport/graphql/session.resolver.js';
import { StationDeviceResolver } from './transport/graphql/station-device.resolver.js';
import { StationOperationsResolver } from './transport/graphql/station-operations.resolver.js';
import { StationSettingsResolver } from './transport/graphql/station-settings.resolver.js';
import {
  DynamicScheduleResolver,
  EventStreamResolver,
  StationStreamResolver,
} from './transport/graphql/station-stream.resolver.js';
import { StationOptionsResolver } from './transport/graphql/station-options.resolver.js';
import { StationResolver } from './transport/graphql/station.resolver.js';
import { SessionsGrpc } from './transport/grpc/sessions.grpc.js';
import { ActingAccount } from './usecases/acting-account.js';
import { AuditedChange } from './usecases/audited-change.js';
import { BulkPayload } from './usecases/bulk-payload.js';
import { CancelReservation } from './usecases/cancel-reservation.js';
import { ChangeAvailability } from './usecases/change-availability.js';
import { ChangeFirmware } from './usecases/change-firmware.js';
import { ChangeReservation } from './usecases/change-reservation.js';
import { CommandFleet } from './usecases/command-fleet.js';
import { CommandStation } from './usecases/command-station.js';
import { DecideToken } from './usecases/decide-token.js';
import { ExpireReservations } from './usecases/expire-reservations.js';
import { FindTroubles } from './usecases/find-troubles.js';
import {
  ForgetCustomerInformation,
  ForgetLogRequests,
  ForgetStreamValues,
} from './usecases/forget-station-operations.js';
import { ImportStations } from './usecases/import-stations.js';
import { LearnFromCommand } from './usecases/learn-from-command.js';
import { ListLocations } from './usecases/list-locations.js';
import { MonitorStation } from './usecases/monitor-station.js';
import { NoteCostAbility } from './usecases/note-cost-ability.js';
import { NoteTokenHolder } from './usecases/note-token-holder.js';
import { OperatedStation } from './usecases/operated-station.js';
import { ProvisionStation } from './usecases/provision-station.js';
import { ProvisionStations } from './usecases/provision-stations.js';
import { ReadPlaces } from './usecases/read-places.js';
import { ReadReservations } from './usecases/read-reservations.js';
import { ReadSessions } from './usecases/read-sessions.js';
import { ReadSettings } from './usecases/read-settings.js';
import { ReadStationDevice } from './usecases/read-station-device.js';
import { ReadStationOperations } from './usecases/read-station-operations.js';
import { ReadStationSettings } from './usecases/read-station-settings.js';
import { ReapplyAvailability } from './usecases/reapply-availability.js';
import { RecordBoot } from './usecases/record-boot.js';
import { RecordConnection } from './usecases/record-connection.js';
import { RecordConnectorStatus } from './usecases/record-connector-status.js';
import { RecordCustomerInformation } from './usecases/record-customer-information.js';
import { RecordDeviceEvents } from './usecases/record-device-events.js';
import { RecordDisplayMessages } from './usecases/record-display-messages.js';
import { RecordDynamicSchedule } from './usecases/record-dynamic-schedule.js';
import { RecordEventStream } from './usecases/record-event-stream.js';
import { RecordFirmwareStatus } from './usecases/record-firmware-status.js';
import { RecordLogStatus } from './usecases/record-log-status.js';
import { RecordMonitoringReport } from './usecases/record-monitoring-report.js';
import { RecordReservationUpdate } from './usecases/record-reservation-update.js';
import { RecordSecurityEvent } from './usecases/record-security-event.js';
import { RecordStationMessage } from './usecases/record-station-message.js';
import { RecordStationReport } from './usecases/record-station-report.js';
import { RecordTransaction } from './usecases/record-transaction.js';
import { RecoverConnectors } from './usecases/recover-connectors.js';
import { RefreshStationSettings } from './usecases/refresh-station-settings.js';
import { RequestCustomerInformation } from './usecases/request-customer-information.js';
import { RequestLog } from './usecases/request-log.js';
import { ReserveConnector } from './usecases/reserve-connector.js';
import { ResolveStandIn } from './usecases/resolve-stand-in.js';
import { ReviewOrphan } from './usecases/review-orphan.js';
import { RunBulkCommands } from './usecases/run-bulk-commands.js';
import { RunCommand } from './usecases/run-command.js';
import { SaveTransaction } from './usecases/save-transaction.js';
import { SetDisplayMessage } from './usecases/set-display-message.js';
import { SetDynamicSchedule } from './usecases/set-dynamic-schedule.js';
import { SetStationOptions } from './usecases/set-station-options.js';
import { SetStationRegistration } from './usecases/set-station-registration.js';
import { SetStationSettings } from './usecases/set-station-settings.js';
import { SettingVault } from './usecases/setting-vault.js';
import { StartSession } from './usecases/start-session.js';
import { WatchRemoteStarts } from './usecases/watch-remote-starts.js';
import { StationPlace } from './usecases/station-place.js';
import { StationCredentials } from './usecases/station-credentials.js';
import { StopSession } from './usecases/stop-session.js';
import { UpdateFirmware } from './usecases/update-firmware.js';
import { UseReservation } from './usecases/use-reservation.js';
import { WriteSettings } from './usecases/write-settings.js';

const consumers = [
  StationCertificateRefusedConsumer,
  StationConnectedConsumer,
  StationDisconnectedConsumer,
  StationFileUploadedConsumer,
  TokenChangedConsumer,
];

const repositories = [
  BulkCommandRepository,
  CommandAuditRepository,
  CustomerInformationRepository,
  DeviceEventRepository,
  DisplayMessageRepository,
  DynamicScheduleRepository,
  EventStreamRepository,
  FirmwareUpdateRepository,
  ImportRepository,
  LocationListingRepository,
  LogRequestRepository,
  MonitorRepository,
  OrphanRepository,
  PlaceRepository,
  ProvisionRepository,
  ExpiredStartRepository,
  RecoveryRepository,
  RemoteStartRepository,
  ReservationRepository,
  SecurityEventRepository,
  SessionReadingRepository,
  SessionRepository,
  SettingRepository,
  SituationRepository,
  StationOptionsRepository,
  StationReportRepository,
  StationRepository,
  StationVariableRepository,
  TokenHolderRepository,
  WantedAvailabilityRepository,
];

const usecases = [
  ActingAccount,
  AuditedChange,
  BulkPayload,
  CancelReservation,
  ChangeAvailability,
  ChangeFirmware,
  ChangeReservation,
  CommandFleet,
  CommandStation,
  DecideToken,
  ExpireReservations,
  FindTroubles,
  ForgetCustomerInformation,
  ForgetLogRequests,
  ForgetStreamValues,
  ImportStations,
  LearnFromCommand,
  ListLocations,
  MonitorStation,
  NoteCostAbility,
  NoteTokenHolder,
  OperatedStation,
  ProvisionStation,
  ProvisionStations,
  ReadPlaces,
  ReadReservations,
  ReadSessions,
  ReadSettings,
  ReadStationDevice,
  ReadStationOperations,
  ReadStationSettings,
  ReapplyAvailability,
  RecordBoot,
  RecordConnection,
  RecordConnectorStatus,
  RecordCustomerInformation,
  RecordDeviceEvents,
  RecordDisplayMessages,
  RecordDynamicSchedule,
  RecordEventStream,
  RecordFirmwareStatus,
  RecordLogStatus,
  RecordMonitoringReport,
  RecordReservationUpdate,
  RecordSecurityEvent,
  RecordStationMessage,
  RecordStationReport,
  RecordTransaction,
  RecoverConnectors,
  RefreshStationSettings,
  RequestCustomerInformation,
  RequestLog,
  ReserveConnector,
  ResolveStandIn,
  ReviewOrphan,
  RunBulkCommands,
  RunCommand,
  SaveTransaction,
  SetDisplayMessage,
  SetDynamicSchedule,
  SetStationOptions,
  SetStationRegistration,
  SetStationSettings,
  SettingVault,
  StartSession,
  WatchRemoteStarts,
  StationCredentials,
  StationPlace,
  StopSession,
  UpdateFirmware,
  UseReservation,
  WriteSettings,
];

const resolvers = [
  BulkCommandResolver,
  ChargingResolver,
  ConnectorResolver,
  DynamicScheduleResolver,
  EventStreamResolver,
  LocationResolver,
  MonitoringResolver,
  OperatorResolver,
  OrphanResolver,
  PlaceLoader,
  RecoveryResolver,
  ReservationResolver,
  SessionResolver,
  StationDeviceResolver,
  StationOperationsResolver,
  StationOptionsResolver,
  StationResolver,
  StationSettingsResolver,
  StationStreamResolver,
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
    dueWork: [
      RunBulkCommands,
      WatchRemoteStarts,
      ProvisionStations,
      ExpireReservations,
      ReapplyAvailability,
      FindTroubles,
      RecoverConnectors,
      ForgetCustomerInformation,
      ForgetLogRequests,
      ForgetStreamValues,
    ],
    entities: [CommandAuditEntity],
    migrations,
  };
}
