import type { Type } from '@nestjs/common';
import type { Clock, IdSource } from '@kilowatch/kernel';
import type { BaseConfig } from '../config/config.js';
import type { DatabaseOptions } from '../db/database.js';
import type { DueWorkDefinition } from '../db/due-work.js';
import type { MigrationClass } from '../db/migrate.js';
import type { GrpcService } from '../grpc/types.js';
import type { AnyEventHandler } from '../inbox/event-handler.js';
import type { Logger } from '../log/logger.js';

/** One gRPC service and the class (a provider of the service's module) that serves it. */
export interface GrpcRegistration {
  readonly service: GrpcService;
  readonly implementation: Type<object>;
}

export interface ServiceOptions {
  /** `load-management`: names schema, role, stream, log lines. */
  readonly name: string;
  readonly config: BaseConfig;
  /** The service's own module; it provides all classes named below. */
  readonly module: Type<unknown>;
  /** Path of schema.graphql: makes the service a subgraph at /graphql. */
  readonly graphql?: { readonly schemaPath: string };
  readonly grpc?: readonly GrpcRegistration[];
  /** Handlers of events, classes of the module. */
  readonly consumers?: readonly Type<AnyEventHandler>[];
  /** Background jobs, classes of the module. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- jobs over rows of different shapes together
  readonly dueWork?: readonly Type<DueWorkDefinition<any>>[];
  readonly entities?: DatabaseOptions['entities'];
  /** Not run here: the migration job reads them from the same list. */
  readonly migrations?: readonly MigrationClass[];
  /** For a service whose own objects need more than the usual 10 s to stop (shutdown hooks of Nest). */
  readonly stopWithinMs?: number;
  /** False for a service that never publishes: no relay, no stream. */
  readonly publishes?: boolean;
  /** For tests: time, ids and log lines of their own. */
  readonly clock?: Clock;
  readonly ids?: IdSource;
  readonly logger?: Logger;
}
