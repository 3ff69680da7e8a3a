import pg from 'pg';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { createTestDatabase, testInfraUrl, type TestDatabase } from '../src/infra/test-database.js';

// Real: the run's Postgres.
const made: TestDatabase[] = [];
const create = async (...options: Parameters<typeof createTestDatabase>) => {
  const database = await createTestDatabase(...options);
  made.push(database);
  return database;
};
const query = async (url: string, sql: string) => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql);
  await client.end();
  return rows;
};
afterEach(async () => void (await Promise.all(made.splice(0).map((database) => database.drop()))));

describe('createTestDatabase', () => {
  it('gives each caller an empty database of its own', async () => {
    const [one, two] = [await create(), await create()];
    await query(one.url, 'create table mine (n int)');
    expect(await query(two.url, "select to_regclass('mine') as found")).toEqual([{ found: null }]);
  });

  it('migrates once per service and migration list, also when several ask at once', async () => {
    let runs = 0;
    const service = `probe-${Math.trunc(performance.now() * 1e3)}`;
    const migrate = async (url: string) => {
      runs += 1;
      await query(url, `create table seeded (n int); insert into seeded values (${runs})`);
    };
    const databases = await Promise.all(
      [1, 2, 3].map(() => create({ service, migrations: ['First1'], migrate })),
    );
    const rows = await Promise.all(databases.map(({ url }) => query(url, 'select n from seeded')));
    expect(rows).toEqual([[{ n: 1 }], [{ n: 1 }], [{ n: 1 }]]);
    const later = await create({ service, migrations: ['First1', 'Second2'], migrate });
    expect(await query(later.url, 'select n from seeded')).toEqual([{ n: 2 }]);
  });

  it('drops the database although a connection is still open', async () => {
    const database = await createTestDatabase();
    const open = new pg.Client({ connectionString: database.url });
    open.on('error', () => undefined);
    await open.connect();
    await database.drop();
    const left = await query(
      testInfraUrl('KW_TEST_POSTGRES_URL'),
      `select 1 from pg_database where datname = '${database.name}'`,
    );
    expect(left).toEqual([]);
  });

  it('is offered the same servers by environment and by injection', () => {
    expect(inject('postgresUrl')).toBe(testInfraUrl('KW_TEST_POSTGRES_URL'));
    expect(inject('natsUrl')).toBe(testInfraUrl('KW_TEST_NATS_URL'));
  });
});
