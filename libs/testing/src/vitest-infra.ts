import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startNats } from './infra/nats.js';
import { startPostgres } from './infra/postgres.js';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
    natsUrl: string;
  }
}

/** vitest globalSetup: one real Postgres and one real NATS for the whole integration run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = mkdtempSync(join(tmpdir(), 'kilowatch-test-'));
  const [postgres, nats] = await Promise.all([
    startPostgres({ dataDir: join(directory, 'postgres'), fsync: false }),
    startNats({ storeDir: join(directory, 'nats') }),
  ]);
  project.provide('postgresUrl', postgres.url);
  project.provide('natsUrl', nats.url);
  process.env.KW_TEST_POSTGRES_URL = postgres.url;
  process.env.KW_TEST_NATS_URL = nats.url;
  return async () => {
    await Promise.all([postgres.stop(), nats.stop()]);
    rmSync(directory, { recursive: true, force: true });
  };
}
