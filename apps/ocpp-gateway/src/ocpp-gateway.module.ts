import { performance } from 'node:perf_hooks';
import { Module } from '@nestjs/common';
import { ocppGateway } from '@kilowatch/contracts';
import { tenantId, type Clock, type IdSource } from '@kilowatch/kernel';
import { TypedOcppSchemas } from '@kilowatch/ocpp';
import {
  CLOCK,
  CONFIG,
  Database,
  IDS,
  LOGGER,
  NatsLink,
  histogram,
  withSpan,
  type Logger,
  type ServiceOptions,
} from '@kilowatch/platform';
import type { GatewayConfig } from './config.js';
import {
  AUTH,
  CERTIFICATES,
  CONTRACTS,
  BILLING,
  LOAD_MANAGEMENT,
  METERING,
  peerProviders,
  SESSIONS,
  type AuthClient,
  type CertificatesClient,
  type ContractsClient,
  type BillingClient,
  type LoadManagementClient,
  type MeteringClient,
  type SessionsClient,
} from './peers.js';
import { migrations } from './persistence/migrations/index.js';
import { CommandLogRepository } from './persistence/command-log.repository.js';
import { ConnectionAttemptRepository } from './persistence/connection-attempt.repository.js';
import { NoticeRepository } from './persistence/notice.repository.js';
import { StationDeviationRepository } from './persistence/station-deviation.repository.js';
import { StationModelRepository } from './persistence/station-model.repository.js';
import { QuarantinedFrameRepository } from './persistence/quarantined-frame.repository.js';
import { StationConnectionRepository } from './persistence/station-connection.repository.js';
import { UploadRepository } from './persistence/upload.repository.js';
import { WireFrameRepository } from './persistence/wire-frame.repository.js';
import { CommandGrpc } from './transport/grpc/command.grpc.js';
import { StationFileResolver, StationLogResolver } from './transport/graphql/station-log.resolver.js';
import { StationResolver } from './transport/graphql/station.resolver.js';
import { WireResolver } from './transport/graphql/wire.resolver.js';
import { Gateway } from './transport/ws/gateway.js';
import { AdmitStation } from './usecases/admit-station.js';
import { AnswerCall } from './usecases/answer-call.js';
import { CareForStation } from './usecases/care-for-station.js';
import { CommandPost } from './usecases/command-post.js';
import { ConnectionOwnership } from './usecases/connection-ownership.js';
import { DisconnectStation } from './usecases/disconnect-station.js';
import { DeliverCommand } from './usecases/deliver-command.js';
import { ForgetDeviations } from './usecases/forget-deviations.js';
import { ForgetNotices } from './usecases/forget-notices.js';
import { FinalCost } from './usecases/final-cost.js';
import { KnownModels } from './usecases/known-models.js';
import { ForgetUploads } from './usecases/forget-uploads.js';
import { ForgetAttempts, ForgetFrames } from './usecases/forget-wire.js';
import { OfferUpload } from './usecases/offer-upload.js';
import { QuarantineFrame } from './usecases/quarantine-frame.js';
import { ReadingBatcher } from './usecases/reading-batcher.js';
import { ReceiveUpload } from './usecases/receive-upload.js';
import { SendCommand } from './usecases/send-command.js';
import { ResolveQuarantined } from './usecases/resolve-quarantined.js';
import { StationDeviations } from './usecases/station-deviations.js';
import { ViewUpload } from './usecases/view-upload.js';
import { ViewSetup } from './usecases/view-setup.js';
import { ViewWire } from './usecases/view-wire.js';
import { WireJournal } from './usecases/wire-journal.js';

/** A batch may hold many tenants, each set names its own; the call itself belongs to none of them. */
const ALL_TENANTS = tenantId('system');
const RECORD_DEADLINE_MS = 8_000;

function batcher(client: MeteringClient): ReadingBatcher {
  const sizes = histogram('kw_ocpp_batch_sets');
  return new ReadingBatcher({
    now: () => performance.now(),
    schedule: (run, ms) => void setTimeout(run, ms),
    sent: (sets) => sizes.observe(sets),
    record: (sets, links) =>
      withSpan('ocpp.batch', { attributes: { 'batch.sets': sets.length }, links }, async () => {
        await client.recordReadings(
          { sets },
          { tenant: ALL_TENANTS, deadlineMs: RECORD_DEADLINE_MS, idempotent: true },
        );
      }),
  });
}

/**
 * Why factories: the classes on the road of a call or a command carry no decorators. They take interfaces of the pure OCPP
 * library, bundles of ports and platform classes imported as types, none of which Nest can read from a constructor; specs make
 * them with `new`. A new class that takes classes and tokens only is decorated and listed, like ForgetNotices.
 */
@Module({
  providers: [
    ...peerProviders,
    { provide: TypedOcppSchemas, useFactory: () => new TypedOcppSchemas() },
    StationConnectionRepository,
    QuarantinedFrameRepository,
    CommandLogRepository,
    ConnectionAttemptRepository,
    UploadRepository,
    WireFrameRepository,
    StationDeviationRepository,
    {
      provide: StationDeviations,
      inject: [Database, StationDeviationRepository, CLOCK, LOGGER],
      useFactory: (...parts: ConstructorParameters<typeof StationDeviations>) =>
        new StationDeviations(...parts),
    },
    {
      provide: NoticeRepository,
      inject: [Database, IDS],
      useFactory: (db: Database, ids: IdSource) => new NoticeRepository(db, ids),
    },
    { provide: ReadingBatcher, inject: [METERING], useFactory: batcher },
    {
      provide: AdmitStation,
      inject: [AUTH, LOGGER],
      useFactory: (client: AuthClient, log: Logger) => new AdmitStation(client, log),
    },
    {
      provide: ConnectionOwnership,
      inject: [Database, StationConnectionRepository, CONFIG, CLOCK, IDS, LOGGER],
      useFactory: (
        db: Database,
        rows: StationConnectionRepository,
        config: GatewayConfig,
        clock: Clock,
        ids: IdSource,
        log: Logger,
      ) => new ConnectionOwnership(db, rows, { pod: config.KW_POD_ID, bootId: ids.newId() }, clock, log),
    },
    {
      provide: QuarantineFrame,
      inject: [Database, QuarantinedFrameRepository, IDS, LOGGER],
      useFactory: (db: Database, frames: QuarantinedFrameRepository, ids: IdSource, log: Logger) =>
        new QuarantineFrame(db, frames, ids, log),
    },
    {
      provide: AnswerCall,
      inject: [
        TypedOcppSchemas,
        SESSIONS,
        AUTH,
        CERTIFICATES,
        CONTRACTS,
        BILLING,
        LOAD_MANAGEMENT,
        ReadingBatcher,
        NoticeRepository,
        KnownModels,
        CLOCK,
        IDS,
        QuarantineFrame,
        LOGGER,
        FinalCost,
        StationDeviations,
      ],
      useFactory: (
        schemas: TypedOcppSchemas,
        sessionsClient: SessionsClient,
        authClient: AuthClient,
        certificates: CertificatesClient,
        contracts: ContractsClient,
        billingClient: BillingClient,
        loadManagement: LoadManagementClient,
        readings: ReadingBatcher,
        notices: NoticeRepository,
        models: KnownModels,
        clock: Clock,
        ids: IdSource,
        quarantine: QuarantineFrame,
        log: Logger,
        finalCost: FinalCost,
        deviations: StationDeviations,
      ) => {
        const peers = {
          sessions: sessionsClient,
          auth: authClient,
          certificates,
          contracts,
          billing: billingClient,
          loadManagement,
          finalCost,
        };
        const ports = { ...peers, readings, notices, models, schemas, clock, ids, random: Math.random };
        return new AnswerCall(schemas, ports, quarantine, log, deviations);
      },
    },
    {
      provide: FinalCost,
      inject: [BILLING, CONFIG, LOGGER],
      useFactory: (client: BillingClient, config: GatewayConfig, log: Logger) =>
        new FinalCost(client, config.KW_FINAL_COST_WAIT_MS, log),
    },
    {
      provide: KnownModels,
      inject: [Database, LOGGER],
      useFactory: (db: Database, log: Logger) => new KnownModels(db, new StationModelRepository(), log),
    },
    {
      provide: CareForStation,
      inject: [KnownModels, TypedOcppSchemas, CLOCK, IDS, LOGGER],
      useFactory: (...parts: ConstructorParameters<typeof CareForStation>) => new CareForStation(...parts),
    },
    {
      provide: DeliverCommand,
      inject: [TypedOcppSchemas, CLOCK, IDS, KnownModels],
      useFactory: (...parts: ConstructorParameters<typeof DeliverCommand>) => new DeliverCommand(...parts),
    },
    { provide: CommandPost, inject: [NatsLink], useFactory: (nats: NatsLink) => new CommandPost(nats) },
    {
      provide: DisconnectStation,
      inject: [Database, StationConnectionRepository, CommandPost, IDS, LOGGER],
      useFactory: (...parts: ConstructorParameters<typeof DisconnectStation>) =>
        new DisconnectStation(...parts),
    },
    {
      provide: SendCommand,
      inject: [
        Database,
        StationConnectionRepository,
        CommandLogRepository,
        CommandPost,
        TypedOcppSchemas,
        CLOCK,
        IDS,
        LOGGER,
        OfferUpload,
      ],
      useFactory: (...parts: ConstructorParameters<typeof SendCommand>) => new SendCommand(...parts),
    },
    {
      provide: WireJournal,
      inject: [Database, WireFrameRepository, ConnectionAttemptRepository, CLOCK, IDS, LOGGER, CONFIG],
      useFactory: (
        db: Database,
        frames: WireFrameRepository,
        attempts: ConnectionAttemptRepository,
        clock: Clock,
        ids: IdSource,
        log: Logger,
        config: GatewayConfig,
      ) =>
        new WireJournal(db, frames, attempts, clock, ids, log, {
          tracesFrames: config.KW_OCPP_TRACE,
          defaultTenant: config.KW_DEFAULT_TENANT,
        }),
    },
    {
      provide: ResolveQuarantined,
      inject: [Database, QuarantinedFrameRepository, AnswerCall, CLOCK, LOGGER],
      useFactory: (...parts: ConstructorParameters<typeof ResolveQuarantined>) =>
        new ResolveQuarantined(...parts),
    },
    ViewSetup,
    ViewWire,
    StationResolver,
    WireResolver,
    CommandGrpc,
    ForgetAttempts,
    ForgetDeviations,
    ForgetFrames,
    ForgetNotices,
    ForgetUploads,
    OfferUpload,
    ReceiveUpload,
    StationLogResolver,
    StationFileResolver,
    ViewUpload,
    Gateway,
  ],
})
export class OcppGatewayModule {}

/** Beyond the drain itself: calls in flight, readings that wait, ends that are written. */
const STOP_MARGIN_MS = 15_000;

/** The whole service, for main.ts and for integration tests. */
export function ocppGatewayService(config: GatewayConfig): ServiceOptions {
  return {
    name: 'ocpp-gateway',
    config,
    module: OcppGatewayModule,
    graphql: { schemaPath: new URL('./transport/graphql/schema.graphql', import.meta.url).pathname },
    grpc: [{ service: ocppGateway.CommandServiceService, implementation: CommandGrpc }],
    dueWork: [ForgetNotices, ForgetFrames, ForgetAttempts, ForgetUploads, ForgetDeviations],
    migrations,
    stopWithinMs: config.KW_DRAIN_SECONDS * 1000 + STOP_MARGIN_MS,
  };
}
