import { randomBytes } from 'node:crypto';
import type { EventType } from '@kilowatch/contracts';
import { createTestDatabase, type TestDatabase } from '@kilowatch/testing';
import {
  Database,
  SYSTEM_SCOPE,
  createLogger,
  provisionDatabase,
  roleName,
  runMigrations,
  systemIds,
  tenantTable,
  type EventMeta,
  type MigrationClass,
} from '../src/index.js';

export const silent = createLogger({ service: 'test', level: process.env['KW_TEST_LOG'] ?? 'silent' });

/** A table with one row per note: the effect that must happen once. */
class Notes1750000000000 {
  async up(queryRunner: Parameters<InstanceType<MigrationClass>['up']>[0]): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE note (tenant text NOT NULL, id text NOT NULL, version bigint NOT NULL DEFAULT 0, arrived serial, due_at timestamptz,
        CONSTRAINT note_pk PRIMARY KEY (tenant, id))`,
    );
    await tenantTable(queryRunner, 'note');
  }
  async down(): Promise<void> {}
}

export interface TestService {
  readonly name: string;
  readonly url: string;
  readonly adminUrl: string;
  readonly database: Database;
}

export interface Note {
  readonly meta?: EventMeta | undefined;
  readonly text: string;
}

/** JSON instead of protobuf: the platform does not care. */
export function noteEvent(service: string, name = 'note_written'): EventType<Note> {
  return {
    service,
    name,
    version: 1,
    stream: `EVT_${service.toUpperCase()}`,
    subject: (tenant) => `evt.${service}.${name}.v1.${tenant}`,
    encode: (payload) => new TextEncoder().encode(JSON.stringify(payload)),
    decode: (bytes) => {
      const value = JSON.parse(new TextDecoder().decode(bytes));
      return { ...value, meta: value.meta && { ...value.meta, occurredAt: new Date(value.meta.occurredAt) } };
    },
    create: (partial) => partial as Note,
  };
}

/** A name of its own per test file: roles and streams are shared by everything on one server. */
export function serviceName(prefix: string): string {
  return `${prefix}${randomBytes(4).toString('hex')}`;
}

export const migrations: readonly MigrationClass[] = [Notes1750000000000];

export async function newTestDatabase(serverUrl?: string): Promise<TestDatabase> {
  return createTestDatabase(serverUrl === undefined ? {} : { serverUrl });
}

/** Schema, role, tables and an open `Database` for one service. */
export async function openService(adminUrl: string, name: string): Promise<TestService> {
  await provisionDatabase(adminUrl, [{ service: name, password: 'pass' }]);
  await runMigrations(adminUrl, name, migrations);
  const url = urlAs(adminUrl, roleName(name), 'pass');
  const database = await Database.connect({ service: name, url, ids: systemIds(), log: silent, poolSize: 4 });
  return { name, url, adminUrl, database };
}

export function urlAs(adminUrl: string, role: string, password: string): string {
  const url = new URL(adminUrl);
  url.username = role;
  url.password = password;
  return url.toString();
}

export function writeNote(
  service: TestService,
  event: EventType<Note>,
  text: string,
  tenant = 'demo',
): Promise<string> {
  return service.database.transaction(SYSTEM_SCOPE, async (tx) =>
    tx.publish(event, {
      tenant,
      aggregateId: text,
      aggregateVersion: 1,
      occurredAt: new Date('2026-01-01T00:00:00Z'),
      payload: { text },
    }),
  );
}

/** Texts of all notes in the order they were written. */
export async function notes(service: TestService): Promise<string[]> {
  const rows = await service.database.read(SYSTEM_SCOPE, (tx) =>
    tx.query<{ id: string }>('SELECT id FROM note ORDER BY arrived'),
  );
  return rows.map((row) => row.id);
}

export async function count(service: TestService, sql: string): Promise<number> {
  const rows = await service.database.read(SYSTEM_SCOPE, (tx) =>
    tx.query<{ n: string }>(`SELECT count(*) AS n FROM ${sql}`),
  );
  return Number(rows[0]?.n);
}
