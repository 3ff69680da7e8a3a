import { Module } from '@nestjs/common';
import type { ConfigOf, ServiceOptions } from '@kilowatch/platform';
import type { configShape } from './config.js';
import { migrations } from './persistence/migrations/index.js';
import { ConnectorStatusChangedConsumer } from './transport/events/connector-status-changed.consumer.js';
import { ReadingsRecordedConsumer } from './transport/events/readings-recorded.consumer.js';
import { SessionChargingStateChangedConsumer } from './transport/events/session-charging-state-changed.consumer.js';
import { SessionEndedConsumer } from './transport/events/session-ended.consumer.js';
import { SessionLimitChangedConsumer } from './transport/events/session-limit-changed.consumer.js';
import { SessionMeteredConsumer } from './transport/events/session-metered.consumer.js';
import { SessionStartedConsumer } from './transport/events/session-started.consumer.js';
import { InsightsResolver } from './transport/graphql/insights.resolver.js';
import { SessionResolver } from './transport/graphql/session.resolver.js';
import { StationResolver } from './transport/graphql/station.resolver.js';
import { FollowSession } from './usecases/follow-session.js';
import { FollowSurroundings } from './usecases/follow-surroundings.js';
import { JudgeSessions } from './usecases/judge-sessions.js';
import { ObserveReadings } from './usecases/observe-readings.js';
import { RecordFindings } from './usecases/record-findings.js';
import { ViewInsights } from './usecases/view-insights.js';

const consumers = [
  SessionStartedConsumer,
  SessionChargingStateChangedConsumer,
  SessionEndedConsumer,
  ConnectorStatusChangedConsumer,
  ReadingsRecordedConsumer,
  SessionMeteredConsumer,
  SessionLimitChangedConsumer,
];

@Module({
  providers: [
    ...consumers,
    FollowSession,
    FollowSurroundings,
    InsightsResolver,
    JudgeSessions,
    ObserveReadings,
    RecordFindings,
    SessionResolver,
    StationResolver,
    ViewInsights,
  ],
})
export class InsightsModule {}

/** The whole service, for main.ts and for integration tests. */
export function insightsService(config: ConfigOf<typeof configShape>): ServiceOptions {
  return {
    name: 'insights',
    config,
    module: InsightsModule,
    graphql: { schemaPath: new URL('./transport/graphql/schema.graphql', import.meta.url).pathname },
    consumers,
    dueWork: [JudgeSessions],
    migrations,
  };
}
