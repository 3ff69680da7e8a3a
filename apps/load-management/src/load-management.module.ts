import { Module } from '@nestjs/common';
import { loadManagement } from '@kilowatch/contracts';
import { CONFIG, type ConfigOf, type ServiceOptions } from '@kilowatch/platform';
import type { configShape } from './config.js';
import { peerProviders } from './peers.js';
import { migrations } from './persistence/migrations/index.js';
import { LocationChangedConsumer } from './transport/events/location-changed.consumer.js';
import { SessionChargingStateChangedConsumer } from './transport/events/session-charging-state-changed.consumer.js';
import { SessionEndedConsumer } from './transport/events/session-ended.consumer.js';
import { SessionStartedConsumer } from './transport/events/session-started.consumer.js';
import { StationChangedConsumer } from './transport/events/station-changed.consumer.js';
import { SessionResolver } from './transport/graphql/session.resolver.js';
import { SiteLimitResolver } from './transport/graphql/site-limit.resolver.js';
import { LoadManagementGrpc } from './transport/grpc/load-management.grpc.js';
import { DeliverLimits } from './usecases/deliver-limits.js';
import { FollowPlace } from './usecases/follow-place.js';
import { FollowSession } from './usecases/follow-session.js';
import { RecordCarSchedule } from './usecases/record-car-schedule.js';
import { RecordNeeds } from './usecases/record-needs.js';
import { SendLimit } from './usecases/send-limit.js';
import { SetSiteLimit } from './usecases/set-site-limit.js';
import { SteerSite } from './usecases/steer-site.js';
import { STEERING, steeringOf } from './usecases/steering-settings.js';
import { ViewLimits } from './usecases/view-limits.js';
import { ViewNeeds } from './usecases/view-needs.js';

type Config = ConfigOf<typeof configShape>;

const consumers = [
  LocationChangedConsumer,
  StationChangedConsumer,
  SessionStartedConsumer,
  SessionChargingStateChangedConsumer,
  SessionEndedConsumer,
];

@Module({
  providers: [
    ...consumers,
    ...peerProviders,
    DeliverLimits,
    FollowPlace,
    FollowSession,
    LoadManagementGrpc,
    RecordCarSchedule,
    RecordNeeds,
    SendLimit,
    SessionResolver,
    SetSiteLimit,
    SiteLimitResolver,
    SteerSite,
    ViewLimits,
    ViewNeeds,
    { provide: STEERING, useFactory: steeringOf, inject: [CONFIG] },
  ],
})
export class LoadManagementModule {}

/** The whole service, for main.ts and for integration tests. */
export function loadManagementService(config: Config): ServiceOptions {
  return {
    name: 'load-management',
    config,
    module: LoadManagementModule,
    graphql: { schemaPath: new URL('./transport/graphql/schema.graphql', import.meta.url).pathname },
    grpc: [{ service: loadManagement.LoadManagementServiceService, implementation: LoadManagementGrpc }],
    consumers,
    dueWork: [DeliverLimits],
    migrations,
  };
}
