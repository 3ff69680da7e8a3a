import { performance } from 'node:perf_hooks';
import { Module, type Provider } from '@nestjs/common';
import { auth, ocppGateway, metering, sessions } from '@kilowatch/contracts';
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
  provideGrpcClient,
  withSpan,
  type GrpcClient,
  type Logger,
  type ServiceOptions,
} from '@kilowatch/platform';
import type { GatewayConfig } from './config.js';
import { migrations } from './persistence/migrations/index.js';
import { CommandLogRepository } from './persistence/command-log.repository.js';
import { NoticeRepository } from './persistence/notice.repository.js';
import { QuarantinedFrameRepository } from './persistence/quarantined-frame.repository.js';
import { StationConnectionRepository } from './persistence/station-connection.repository.js';
import { CommandGrpc } from './transport/grpc/command.grpc.js';
import { Gateway } from './transport/ws/gateway.js';
import { AdmitStation } from './usecases/admit-station.js';
import { AnswerCall } from './usecases/answer-call.js';
import { CommandPost } from './usecases/command-post.js';
import { ConnectionOwnership } from './usecases/connection-ownership.js';
import { DeliverCommand } from './usecases/deliver-command.js';
import { ForgetNotices } from './usecases/forget-notices.js';
import { QuarantineFrame } from './usecases/quarantine-frame.js';
import { ReadingBatcher } from './usecases/reading-batcher.js';
import { SendCommand } from './usecases/send-command.js';

const AUTH = Symbol('auth');
const SESSIONS = Symbol('sessions');
const METERING = Symbol('metering');

type AuthClient = GrpcClient<typeof auth.AuthServiceService>;
type SessionsClient = GrpcClient<typeof sessions.SessionsServiceService>;
type MeteringClient = GrpcClient<typeof metering.MeteringServiceService>;

const peerClients: Provider[] = [
  provideGrpcClient(AUTH, auth.AuthServiceClient, (config: GatewayConfig) => config.KW_AUTH_GRPC_URL),
  provideGrpcClient(
    SESSIONS,
    sessions.SessionsServiceClient,
    (config: GatewayConfig) => config.KW_SESSIONS_GRPC_URL,
  ),
  provideGrpcClient(
    METERING,
    metering.MeteringServiceClient,
    (config: GatewayConfig) => config.KW_METERING_GRPC_URL,
  ),
];

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

@Module({
  providers: [
    ...peerClients,
    { provide: TypedOcppSchemas, useFactory: () => new TypedOcppSchemas() },
    StationConnectionRepository,
    QuarantinedFrameRepository,
    CommandLogRepository,
    {
      provide: NoticeRepository,
      inject: [Database, IDS],
      useFactory: (db: Database, ids: IdSource) => new NoticeRepository(db, ids),
    },
    { provide: ReadingBatcher, inject: [METERING], useFactory: batcher },
    {
      provide: AdmitStation,
      inject: [AUTH, CLOCK, LOGGER],
      useFactory: (client: AuthClient, clock: Clock, log: Logger) => new AdmitStation(client, clock, log),
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
        ReadingBatcher,
        NoticeRepository,
        CLOCK,
        IDS,
        QuarantineFrame,
        LOGGER,
      ],
      useFactory: (
        schemas: TypedOcppSchemas,
        sessionsClient: SessionsClient,
        authClient: AuthClient,
        readings: ReadingBatcher,
        notices: NoticeRepository,
        clock: Clock,
        ids: IdSource,
        quarantine: QuarantineFrame,
        log: Logger,
      ) =>
        new AnswerCall(
          schemas,
          { sessions: sessionsClient, auth: authClient, readings, notices, clock, ids, random: Math.random },
          quarantine,
          log,
        ),
    },
    {
      provide: DeliverCommand,
      inject: [TypedOcppSchemas, CLOCK, IDS],
      useFactory: (schemas: TypedOcppSchemas, clock: Clock, ids: IdSource) =>
        new DeliverCommand(schemas, clock, ids),
    },
    { provide: CommandPost, inject: [NatsLink], useFactory: (nats: NatsLink) => new CommandPost(nats) },
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
      ],
      useFactory: (...parts: ConstructorParameters<typeof SendCommand>) => new SendCommand(...parts),
    },
    CommandGrpc,
    ForgetNotices,
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
    grpc: [{ service: ocppGateway.CommandServiceService, implementation: CommandGrpc }],
    dueWork: [ForgetNotices],
    migrations,
    stopWithinMs: config.KW_DRAIN_SECONDS * 1000 + STOP_MARGIN_MS,
  };
}
