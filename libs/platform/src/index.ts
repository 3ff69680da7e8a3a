export * from './clock/system-clock.js';
export * from './clock/system-ids.js';
export { within } from './clock/within.js';
export * from './config/config.js';
export * from './config/fields.js';
export { prefixOf, splitEnvironment, type KnownSettings } from './config/split-environment.js';
export type { CrashPoint, PassPoint } from './crash/crash-points.js';
export * from './health/health-state.js';
export * from './log/describe-error.js';
export * from './log/logger.js';
export * from './log/nest-logger.js';
export * from './shutdown/shutdown.js';
export { UnderWay } from './shutdown/under-way.js';
export { METRICS, SPANS, type MetricName, type SpanName } from './trace/registry.js';
export { counter, gauge, histogram, metricRegistry, collectProcessMetrics } from './trace/metrics.js';
export { withSpan, currentTraceparent, type SpanOptions } from './trace/span.js';
export type { Tracing } from './trace/tracing.js';
export * from './db/database.js';
export { isDatabaseUnavailable, isUniqueViolation } from './db/database-error.js';
export * from './db/due-work.js';
export { gathered, gatheredRead, oneAtATime } from './db/gathered.js';
export * from './db/idempotency.js';
export { escapeLike } from './db/like.js';
export * from './db/migrate.js';
export * from './db/names.js';
export { pgArray, unlessAllNull } from './db/pg-array.js';
export { inTenant } from './db/pg-tx.js';
export * from './db/platform-tables.migration.js';
export * from './db/provision.js';
export type * from './db/published-event.js';
export * from './db/scope.js';
export { allAtOnce, sideBySide } from './db/side-by-side.js';
export * from './db/tenant-table.js';
export type { Tx } from './db/tx.js';
export type { AnyEventHandler, EventHandler, Received } from './inbox/event-handler.js';
export type { DeadLetter } from './inbox/dead-letters.js';
export * from './inbox/inbox.js';
export { eventsOf, messagesOf, type CarriedEvent } from './nats/event-message.js';
export * from './nats/live.js';
export * from './nats/nats-link.js';
export {
  RETENTION_DAYS,
  ensureStream,
  streamName,
  streamSubject,
  type StreamLimits,
} from './nats/streams.js';
export * from './outbox/outbox-relay.js';
export { may, mayAll, mayOn, ownerLimit, partyLimit, type Guarded } from './auth/ability.js';
export { JwtVerifier } from './auth/jwt-verifier.js';
export { externalName, revokedName } from './auth/revoked-tokens.js';
export { externalAccountId } from './auth/external-account.js';
export { PERMISSIONS, SCOPES, isScope, type Permission } from './auth/permissions.js';
export { ROLES, type ExternalIdentity, type Principal, type Role } from './auth/principal.js';
export { SERVICE_TOKEN_HEADER, ServiceTokens } from './auth/service-tokens.js';
export { parseTrustedIssuers, trustedIssuersFrom, type TrustedIssuer } from './auth/trusted-issuers.js';
export type { BackgroundWork } from './bootstrap/background-work.js';
export {
  runService,
  runTogether,
  type RunningService,
  type RunningTogether,
} from './bootstrap/run-service.js';
export { serviceModule } from './bootstrap/service-module.js';
export type { GrpcRegistration, ServiceOptions } from './bootstrap/service-options.js';
export { startable, type Startable } from './bootstrap/startable.js';
export { CLOCK, CONFIG, IDS, LOGGER } from './bootstrap/tokens.js';
export { AccessGuard, Allow, CurrentPrincipal, Public } from './graphql/access.js';
export { batchLoad, type BatchFunction } from './graphql/batch-load.js';
export * from './graphql/connection.js';
export { withoutValues } from './graphql/readable-message.js';
export { subgraphSdl } from './graphql/subgraph-sdl.js';
export { CLIENT_ADDRESS_HEADER, CLIENT_AGENT_HEADER, type GraphqlContext } from './graphql/context.js';
export { currentCallContext, runInCallContext, type CallContext } from './grpc/call-context.js';
export { grpcClient, type GrpcClientOptions } from './grpc/client.js';
export { fitting } from './grpc/fitting.js';
export { GrpcClients, IN_BUNDLES, provideGrpcClient } from './grpc/provide-client.js';
export { GrpcServer, type GrpcServerOptions } from './grpc/server.js';
export type { CallOptions, GrpcCall, GrpcClient, GrpcImplementation, GrpcService } from './grpc/types.js';
export { remoteAddress } from './http/remote-address.js';
export { EgressPolicy } from './http-out/egress-policy.js';
export { guardedFetch, type GuardedFetchOptions, type GuardedResponse } from './http-out/guarded-fetch.js';
