import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNats, type NatsServer } from '@kilowatch/testing';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import {
  Inbox,
  NatsLink,
  OutboxRelay,
  systemIds,
  type AnyEventHandler,
  type EventMeta,
  type InboxOptions,
  type RelayOptions,
  type Tx,
} from '../src/index.js';
import {
  newTestDatabase,
  noteEvent,
  openService,
  serviceName,
  silent,
  type Note,
  type TestService,
} from './service-harness.js';

export type HandleNote = (tx: Tx, payload: Note, meta: EventMeta) => Promise<void>;

/** Not idempotent on purpose: `version` counts how often the effect happened. */
export const storeNote: HandleNote = async (tx, payload, meta) =>
  void (await tx.query(
    `INSERT INTO note (tenant, id, version) VALUES ($1, $2, 1)
     ON CONFLICT ON CONSTRAINT note_pk DO UPDATE SET version = note.version + 1`,
    [meta.tenant, payload.text],
  ));

/** Two services, of which one consumes what the other publishes: on a database of each test's own, with a NATS server of the file's own. */
export class ServicePair {
  readonly storeDir = mkdtempSync(join(tmpdir(), 'kw-pair-'));
  server!: NatsServer;
  nats!: NatsLink;
  /** Of the database's owner. */
  adminUrl!: string;
  producer!: TestService;
  consumer!: TestService;
  /** Called after the test, while the services are still there. */
  readonly stops: (() => Promise<void>)[] = [];

  /** Publishes what the producer commits, until the test is over. */
  startRelay(options: Partial<RelayOptions> = {}): OutboxRelay {
    const { producer, nats } = this;
    const relay = new OutboxRelay({
      service: producer.name,
      databaseUrl: producer.url,
      nats,
      log: silent,
      pollMs: 25,
      lockRetryMs: 25,
      ...options,
    });
    producer.database.onEventsCommitted(() => relay.poke());
    relay.start();
    this.stops.push(() => relay.stop());
    return relay;
  }

  /** The consumer hears of notes, until the test is over. */
  startInbox(handle: HandleNote = storeNote, options: Partial<InboxOptions> = {}): Inbox {
    const handlers: AnyEventHandler[] = [{ event: noteEvent(this.producer.name), handle }];
    const inbox = new Inbox({
      database: this.consumer.database,
      nats: this.nats,
      handlers,
      ids: systemIds(),
      log: silent,
      ...options,
    });
    inbox.start();
    this.stops.push(() => inbox.stop());
    return inbox;
  }
}

/** For the tests of one file: makes the pair before each and takes it away after it. */
export function servicePair(): ServicePair {
  const pair = new ServicePair();
  let drop: () => Promise<void>;
  beforeAll(async () => {
    pair.server = await startNats({ storeDir: pair.storeDir });
    pair.nats = new NatsLink({ url: pair.server.url, service: 'test', log: silent });
  });
  beforeEach(async () => {
    const created = await newTestDatabase();
    drop = created.drop;
    pair.adminUrl = created.url;
    pair.producer = await openService(created.url, serviceName('from'));
    pair.consumer = await openService(created.url, serviceName('to'));
  });
  afterEach(async () => {
    await Promise.all(pair.stops.splice(0).map((stop) => stop()));
    await Promise.all([pair.producer.database.close(), pair.consumer.database.close()]);
    await drop();
  });
  afterAll(async () => {
    await pair.nats?.close();
    await pair.server?.stop();
    rmSync(pair.storeDir, { recursive: true, force: true });
  });
  return pair;
}
