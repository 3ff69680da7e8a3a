import { Module } from '@nestjs/common';
import type { ConfigOf, ServiceOptions } from '@kilowatch/platform';
import type { configShape } from './config.js';
import { migrations } from './persistence/migrations/index.js';
import { SessionChargingStateChangedConsumer } from './transport/events/session-charging-state-changed.consumer.js';
import { SessionEndedConsumer } from './transport/events/session-ended.consumer.js';
import { SessionStartedConsumer } from './transport/events/session-started.consumer.js';
import { RatingResolver } from './transport/graphql/rating.resolver.js';
import { SessionResolver } from './transport/graphql/session.resolver.js';
import { StationResolver } from './transport/graphql/station.resolver.js';
import { FollowSession } from './usecases/follow-session.js';
import { RateSession } from './usecases/rate-session.js';
import { ViewRatings } from './usecases/view-ratings.js';

const consumers = [SessionStartedConsumer, SessionChargingStateChangedConsumer, SessionEndedConsumer];

@Module({
  providers: [
    ...consumers,
    FollowSession,
    RateSession,
    RatingResolver,
    SessionResolver,
    StationResolver,
    ViewRatings,
  ],
})
export class FeedbackModule {}

/** The whole service, for main.ts and for integration tests. */
export function feedbackService(config: ConfigOf<typeof configShape>): ServiceOptions {
  return {
    name: 'feedback',
    config,
    module: FeedbackModule,
    graphql: { schemaPath: new URL('./transport/graphql/schema.graphql', import.meta.url).pathname },
    consumers,
    migrations,
  };
}
