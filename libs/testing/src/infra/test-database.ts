import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabaseOptions {
  /** Names the template, with the migration list: change either and a new template is made. */
  service?: string;
  migrations?: readonly string[];
  /** Brings an empty database to the head of `migrations`; runs once per template and Postgres server. */
  migrate?: (url: string) => Promise<void>;
  /** Superuser URL of the server; default: the one vitest-infra started. */
  serverUrl?: string;
}

export interface TestDatabase {
  name: string;
  /** Superuser URL of the new database. */
  url: string;
  drop(): Promise<void>;
}

/** A database of its own for one test file, copied from the service's migrated template where one is given. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const serverUrl = options.serverUrl ?? testInfraUrl('KW_TEST_POSTGRES_URL');
  const name = `test_${options.service ? `${identifier(options.service)}_` : ''}${randomBytes(5).toString('hex')}`;
  await withClient(serverUrl, async (client) => {
    const template = options.migrate
      ? await ensureTemplate(client, serverUrl, options, options.migrate)
      : undefined;
    await client.query(`create database ${name}${template ? ` template ${template}` : ''}`);
  });
  return {
    name,
    url: databaseUrl(serverUrl, name),
    drop: () =>
      withClient(
        serverUrl,
        async (client) => void (await client.query(`drop database if exists ${name} with (force)`)),
      ),
  };
}

/** The URL of a server that vitest-infra started (`KW_TEST_POSTGRES_URL` or `KW_TEST_NATS_URL`). */
export function testInfraUrl(variable: 'KW_TEST_POSTGRES_URL' | 'KW_TEST_NATS_URL'): string {
  const url = process.env[variable];
  if (!url) throw new Error(`${variable} is not set: run this test in the vitest project "integration"`);
  return url;
}

/** The same server, another database. */
export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.toString();
}

async function ensureTemplate(
  client: pg.Client,
  serverUrl: string,
  options: TestDatabaseOptions,
  migrate: (url: string) => Promise<void>,
): Promise<string> {
  const service = identifier(options.service ?? 'shared');
  const digest = createHash('sha256')
    .update(JSON.stringify(options.migrations ?? []))
    .digest('hex')
    .slice(0, 12);
  const template = `template_${service}_${digest}`;
  // Test files run in several processes: one builds the template, the others wait for it.
  await client.query('select pg_advisory_lock(hashtext($1))', [template]);
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [template]);
    if (found.rowCount === 0) {
      const draft = `${template}_draft`;
      await client.query(`drop database if exists ${draft} with (force)`);
      await client.query(`create database ${draft}`);
      await migrate(databaseUrl(serverUrl, draft));
      await client.query(`alter database ${draft} rename to ${template}`);
    }
  } finally {
    await client.query('select pg_advisory_unlock(hashtext($1))', [template]);
  }
  return template;
}

function identifier(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, 24);
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
