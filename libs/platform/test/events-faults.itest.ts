import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNats, startPostgres, waitFor, type NatsServer, type PostgresServer } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Inbox, NatsLink, OutboxRelay, isDatabaseUnavailable, systemIds } from '../src/index.js';
import {
  newTestDatabase,
  noteEvent,
  notes,
  openService,
  serviceName,
  silent,
  writeNote,
  type TestService,
} from './service-harness.js';

// Real: Postgres and NATS of their own; Postgres is killed while events travel.
const directory = mkdtempSync(join(tmpdir(), 'kw-faults-'));
let postgres: PostgresServer;
let server: NatsServer;
let nats: NatsLink;
let producer: TestService;
let consumer: TestService;
let relay: OutboxRelay;
let inbox: Inbox;

beforeAll(async () => {
  postgres = await startPostgres({ dataDir: join(directory, 'postgres') });
  server = await startNats({ storeDir: join(directory, 'nats') });
  nats = new NatsLink({ url: server.url, service: 'test', log: silent });
  const { url } = await newTestDatabase(postgres.url);
  producer = await openService(url, serviceName('from'));
  consumer = await openService(url, serviceName('to'));
  relay = new OutboxRelay({
    service: producer.name,
    databaseUrl: producer.url,
    nats,
    log: silent,
    pollMs: 25,
  });
  inbox = new Inbox({
    database: consumer.database,
    nats,
    ids: systemIds(),
    log: silent,
    maxDeliver: 1,
    handlers: [
      {
        event: noteEvent(producer.name),
        handle: async (tx, payload, meta) =>
          void (await tx.query('INSERT INTO note (tenant, id) VALUES ($1, $2)', [meta.tenant, payload.text])),
      },
    ],
  });
  relay.start();
  inbox.start();
});

afterAll(async () => {
  await inbox?.stop();
  await relay?.stop();
  await nats?.close();
  await Promise.all([producer?.database.close(), consumer?.database.close()]);
  await Promise.all([postgres?.stop(), server?.stop()]);
  rmSync(directory, { recursive: true, force: true });
});

describe('events and a database that dies', () => {
  it('delivers each committed event once, none as a dead letter', async () => {
    const committed: string[] = [];
    for (let round = 0; round < 2; round++) {
      const writing = (async () => {
        for (let i = 0; i < 60; i++) {
          const text = `${round}-${i}`;
          // Unknown outcome on a lost COMMIT: only what was confirmed must arrive.
          await writeNote(producer, noteEvent(producer.name), text).then(
            () => committed.push(text),
            (error: unknown) => expect(isDatabaseUnavailable(error)).toBe(true),
          );
        }
      })();
      await waitFor('some events on their way', () => committed.length > round * 10);
      await postgres.kill();
      await writing;
      postgres = await startPostgres({ dataDir: join(directory, 'postgres'), port: postgres.port });
    }
    const all = await waitFor('every committed event', async () => {
      const found = await notes(consumer);
      return committed.every((text) => found.includes(text)) ? found : undefined;
    }, { timeoutMs: 30_000 }); // prettier-ignore
    expect(new Set(all).size).toBe(all.length);
    expect(committed.length).toBeGreaterThan(1);
    expect(await inbox.listDeadLetters({ limit: 10 })).toEqual([]);
  });
});
