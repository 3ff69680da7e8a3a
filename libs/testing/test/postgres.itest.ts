import { execFile } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { portAccepts } from '../src/infra/ports.js';
import { postgresBinaries } from '../src/infra/postgres-binaries.js';
import { runnerFor, startPostgres, type PostgresServer } from '../src/infra/postgres.js';
import { waitFor } from '../src/wait-for.js';

// Real: Postgres, started and killed here.
const directories: string[] = [];
const newDirectory = (base = tmpdir()) => {
  const made = mkdtempSync(join(base, 'kilowatch-pg-'));
  directories.push(made);
  return made;
};
const query = async (server: PostgresServer, sql: string) => {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql);
  await client.end();
  return rows;
};

afterAll(() => directories.forEach((directory) => rmSync(directory, { recursive: true, force: true })));

describe('startPostgres', () => {
  it('keeps committed rows over a kill -9 and a restart on the same data directory', async () => {
    const dataDir = newDirectory();
    const first = await startPostgres({ dataDir });
    await query(first, 'create table kept (n int); insert into kept values (42)');
    const idle = new pg.Client({ connectionString: first.url });
    idle.on('error', () => undefined);
    await idle.connect();
    await first.kill();
    await waitFor('the port to close', async () => !(await portAccepts(first.port)));

    const second = await startPostgres({ dataDir, port: first.port });
    expect(await query(second, 'select n from kept')).toEqual([{ n: 42 }]);
    expect(second.url).toBe(first.url);
    await second.stop();
    expect(await portAccepts(second.port)).toBe(false);
  });

  it('refuses a connection without the password', async () => {
    const server = await startPostgres({ dataDir: newDirectory(), fsync: false });
    const url = new URL(server.url);
    url.password = 'wrong';
    await expect(query({ ...server, url: url.toString() }, 'select 1')).rejects.toThrow('password');
    await server.stop();
  });

  it('runs from a directory that only its owner may enter', async () => {
    const server = await startPostgres({ dataDir: join(newDirectory(homedir()), 'inside'), fsync: false });
    const rows = await query(
      server,
      "select current_setting('fsync') as fsync, current_setting('timezone') as zone",
    );
    expect(rows).toEqual([{ fsync: 'off', zone: 'UTC' }]);
    await server.stop();
  });

  it('says why when the server cannot start', async () => {
    const dataDir = newDirectory();
    await expect(
      startPostgres({ dataDir, fsync: false, settings: { shared_buffers: 'much' } }),
    ).rejects.toThrow(/shared_buffers/);
  });

  it('runs binaries below a directory that only its owner may enter, as a checkout in `mktemp -d` is', async () => {
    const { initdb } = await postgresBinaries();
    const closed = newDirectory();
    chmodSync(closed, 0o700);
    const native = join(closed, 'native');
    cpSync(join(dirname(initdb), '..'), native, { recursive: true, verbatimSymlinks: true });
    const cluster = join(closed, 'cluster');
    mkdirSync(cluster, { mode: 0o700 });
    const { user, command } = runnerFor([join(native, 'bin')]);
    if (user) chownSync(cluster, user.uid, user.gid);
    const [program, args] = command(join(native, 'bin', 'initdb'), ['-D', cluster, '--no-sync']);
    await promisify(execFile)(program, args, { cwd: '/' });
    expect(existsSync(join(cluster, 'PG_VERSION'))).toBe(true);
  });
});
