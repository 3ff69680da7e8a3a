import type { Type } from '@nestjs/common';
import type { Database } from '../db/database.js';
import { DueWorker } from '../db/due-work.js';
import { Inbox } from '../inbox/inbox.js';
import type { Shutdown } from '../shutdown/shutdown.js';
import type { Infrastructure } from './infrastructure.js';
import type { ServiceOptions } from './service-options.js';

type Get = <T>(type: Type<T>) => T;

/** What works without being asked, for tests and tools to look at. */
export interface BackgroundWork {
  /** Undefined in a service that consumes nothing. */
  readonly inbox: Inbox | undefined;
  /** By name; `runDue()` runs a job now. */
  readonly jobs: ReadonlyMap<string, DueWorker<never>>;
}

/** Builds consumers and jobs out of the service's classes; nothing runs yet. */
export function backgroundWork(
  options: ServiceOptions,
  infrastructure: Infrastructure,
  get: Get,
): BackgroundWork {
  const { database } = infrastructure;
  if (!database) {
    if (options.consumers?.length || options.dueWork?.length) {
      throw new Error(`${options.name} consumes events or has jobs: it needs KW_DATABASE_URL`);
    }
    return { inbox: undefined, jobs: new Map() };
  }
  const inbox = inboxOf(options, infrastructure, database, get);
  return { inbox, jobs: jobsOf(options, infrastructure, database, inbox, get) };
}

/** Starts them, and stops them first of all on shutdown. */
export function startBackgroundWork({ inbox, jobs }: BackgroundWork, shutdown: Shutdown): void {
  for (const [name, job] of jobs) {
    job.start();
    shutdown.onClose(`job ${name}`, () => job.stop());
  }
  if (inbox) {
    inbox.start();
    shutdown.onClose('consumers', () => inbox.stop());
  }
}

function inboxOf(
  { consumers = [], config }: ServiceOptions,
  { nats, ids, logger, pass }: Infrastructure,
  database: Database,
  get: Get,
): Inbox | undefined {
  if (consumers.length === 0) return undefined;
  return new Inbox({
    database,
    nats,
    ids,
    log: logger,
    pass,
    maxDeliver: config.KW_INBOX_MAX_DELIVER,
    handlers: consumers.map((consumer) => get(consumer)),
  });
}

function jobsOf(
  { dueWork = [] }: ServiceOptions,
  { clock, logger }: Infrastructure,
  database: Database,
  inbox: Inbox | undefined,
  get: Get,
): ReadonlyMap<string, DueWorker<never>> {
  const definitions = [...dueWork.map((type) => get(type)), ...(inbox ? [inbox.deadLetterReplay] : [])];
  return new Map(
    definitions.map((job) => [job.name, new DueWorker(job, database, clock, logger) as DueWorker<never>]),
  );
}
