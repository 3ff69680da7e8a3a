import { Module } from '@nestjs/common';

import { CONFIG, type ConfigOf, type ServiceOptions } from '@kilowatch/platform';
import type { configShape } from './config.js';
import { migrations } from './persistence/migrations/index.js';
import { OrphanAttachedConsumer } from './transport/events/orphan-attached.consumer.js';
import { SessionChargingStateChangedConsumer } from './transport/events/session-charging-state-changed.consumer.js';
import { SessionEndedConsumer } from './transport/events/session-ended.consumer.js';
import { SessionStartedConsumer } from './transport/events/session-started.consumer.js';
import {
  EvsePowerResolver,
  LivePowerResolver,
  LocationPowerResolver,
  StationPowerResolver,
} from './transport/graphql/power.resolver.js';
import { SessionResolver } from './transport/graphql/session.resolver.js';
import { MeterKeyResolver, SignedReadingsResolver } from './transport/graphql/signed.resolver.js';
import { MeteringGrpc } from './transport/grpc/metering.grpc.js';
import { readingsService } from './transport/grpc/readings-decoder.js';
import { AttachReadings } from './usecases/attach-readings.js';
import { CloseEnergy } from './usecases/close-energy.js';
import { CloseLate } from './usecases/close-late.js';
import { FillCurves } from './usecases/fill-curves.js';
import { FollowSession } from './usecases/follow-session.js';
import { JudgeSignedReadings } from './usecases/judge-signed-readings.js';
import { ForecastCharging } from './usecases/forecast-charging.js';
import { KeepPartitions } from './usecases/keep-partitions.js';
import { LATE_WINDOW } from './usecases/late-window.js';
import { ManageMeterKeys } from './usecases/manage-meter-keys.js';
import { MeasureSession } from './usecases/measure-session.js';
import { RecordReadings } from './usecases/record-readings.js';
import { RETENTION, type Retention } from './usecases/retention.js';
import { SessionIndex } from './usecases/session-index.js';
import { TellEnergySoFar } from './usecases/tell-energy-so-far.js';
import { ViewPower } from './usecases/view-power.js';
import { ViewSession } from './usecases/view-session.js';
import { ViewSignedReadings } from './usecases/view-signed-readings.js';

const consumers = [
  OrphanAttachedConsumer,
  SessionStartedConsumer,
  SessionChargingStateChangedConsumer,
  SessionEndedConsumer,
];

@Module({
  providers: [
    ...consumers,
    AttachReadings,
    CloseEnergy,
    CloseLate,
    FillCurves,
    FollowSession,
    ForecastCharging,
    JudgeSignedReadings,
    KeepPartitions,
    EvsePowerResolver,
    LivePowerResolver,
    LocationPowerResolver,
    StationPowerResolver,
    ManageMeterKeys,
    MeasureSession,
    MeterKeyResolver,
    MeteringGrpc,
    RecordReadings,
    SessionIndex,
    SessionResolver,
    SignedReadingsResolver,
    TellEnergySoFar,
    ViewPower,
    ViewSession,
    ViewSignedReadings,
    {
      provide: LATE_WINDOW,
      useFactory: (config: ConfigOf<typeof configShape>) => config.KW_LATE_WINDOW_SECONDS * 1000,
      inject: [CONFIG],
    },
    {
      provide: RETENTION,
      useFactory: (config: ConfigOf<typeof configShape>): Retention => ({
        readingDays: config.KW_READINGS_KEEP_DAYS,
        curveDays: config.KW_CURVES_KEEP_DAYS,
      }),
      inject: [CONFIG],
    },
  ],
})
export class MeteringModule {}

/** The whole service, for main.ts and for integration tests. */
export function meteringService(config: ConfigOf<typeof configShape>): ServiceOptions {
  return {
    name: 'metering',
    config,
    module: MeteringModule,
    graphql: { schemaPath: new URL('./transport/graphql/schema.graphql', import.meta.url).pathname },
    grpc: [{ service: readingsService(), implementation: MeteringGrpc }],
    consumers,
    dueWork: [CloseLate, FillCurves, KeepPartitions],
    migrations,
  };
}
