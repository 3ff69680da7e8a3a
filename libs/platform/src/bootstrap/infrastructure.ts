import { crashPoints, type PassPoint } from '../crash/crash-points.js';
import { systemClock } from '../clock/system-clock.js';
import { systemIds } from '../clock/system-ids.js';
import { Database } from '../db/database.js';
import { HealthState } from '../health/health-state.js';
import { createLogger, type Logger } from '../log/logger.js';
import { LiveFeed } from '../nats/live.js';
import { NatsLink } from '../nats/nats-link.js';
import type { Clock, IdSource } from '@kilowatch/kernel';
import { OutboxRelay } from '../outbox/outbox-relay.js';
import type { Shutdown } from '../shutdown/shutdown.js';
import type { ServiceOptions } from './service-options.js';

/** What exists before the service's own objects do: they get it injected. */
export interface Infrastructure {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  readonly health: HealthState;
  readonly nats: NatsLink;
  /** Undefined in a service without tables. */
  readonly database: Database | undefined;
  /** Undefined outside of fault runs. */
  readonly pass: PassPoint | undefined;
}

/** Connects to Postgres (waits for it) and NATS (does not wait: a service works without) and registers their closing. */
export async function connectInfrastructure(
  options: ServiceOptions,
  logger: Logger,
  shutdown: Shutdown,
): Promise<Infrastructure> {
  const { name: service, config } = options;
  const clock = options.clock ?? systemClock;
  const ids = options.ids ?? systemIds(clock);
  const pass = crashPoints(config);
  const health = new HealthState(service);
  const nats = new NatsLink({ url: config.KW_NATS_URL, service, log: logger });
  shutdown.onClose('nats', () => nats.close());
  const url = config.KW_DATABASE_URL?.reveal();
  if (url === undefined) return { clock, ids, logger, health, nats, database: undefined, pass };
  const database = await Database.connect({
    service,
    url,
    ids,
    log: logger,
    poolSize: config.KW_DATABASE_POOL,
    entities: options.entities ?? [],
  });
  shutdown.onClose('database', () => database.close());
  health.addCheck('database', () => database.ping());
  const live = new LiveFeed(nats, logger);
  database.onLive((message) => live.publish(message));
  shutdown.onClose('live feed', async () => live.flush());
  if (options.publishes !== false) startRelay(options, url, { nats, logger, database, pass }, shutdown);
  return { clock, ids, logger, health, nats, database, pass };
}

/** Runs from the first moment to nearly the last: what requests in flight commit while the service stops still gets out. */
function startRelay(
  { name: service, config }: ServiceOptions,
  databaseUrl: string,
  {
    nats,
    logger: log,
    database,
    pass,
  }: Pick<Infrastructure, 'nats' | 'logger' | 'pass'> & { database: Database },
  shutdown: Shutdown,
): void {
  const limits = { replicas: config.KW_NATS_STREAM_REPLICAS, maxBytes: config.KW_NATS_STREAM_MAX_BYTES };
  const onBundles = (read: boolean) => database.bundleEvents(read);
  const relay = new OutboxRelay({ service, databaseUrl, nats, log, limits, pass, onBundles });
  database.onEventsCommitted(() => relay.poke());
  relay.start();
  shutdown.onClose('outbox relay', () => relay.stop());
}

export function serviceLogger({ name, config, logger }: ServiceOptions): Logger {
  return logger ?? createLogger({ service: name, level: config.KW_LOG_LEVEL });
}
