import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { isAlive } from '../faults/kill.js';
import { waitFor } from '../wait-for.js';
import { spawnOwned, type OwnedProcess } from './owned-process.js';
import { freePort } from './ports.js';
import {
  openToOthers,
  postgresBinaries,
  unprivilegedUser,
  type UnprivilegedUser,
} from './postgres-binaries.js';

export interface PostgresOptions {
  /** Made when absent; a cluster found in it is started again with all it holds. */
  dataDir: string;
  port?: number;
  /** False trades durability for speed (tests only). Default true. */
  fsync?: boolean;
  /** Extra server settings, e.g. `{ log_min_duration_statement: '100' }`. */
  settings?: Record<string, string>;
}

export interface PostgresServer {
  /** Connection URL of the superuser, database `postgres`, on loopback. */
  url: string;
  port: number;
  pid: number;
  /** Fast shutdown: connections are closed, everything is flushed. */
  stop(): Promise<void>;
  /** SIGKILL to the postmaster: what a crash looks like. Start again with the same dataDir to recover. */
  kill(): Promise<void>;
}

/** Starts Postgres on loopback from the binaries in node_modules. It stops when this process ends, however that happens. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const dataDir = resolve(options.dataDir);
  const cluster = join(dataDir, 'cluster');
  const { initdb, postgres } = await postgresBinaries();
  mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  const runner = runnerFor([dataDir, dirname(postgres)]);
  const password = superuserPassword(dataDir);
  if (!existsSync(join(cluster, 'PG_VERSION')))
    await initialise(initdb, dataDir, runner, options.fsync !== false);

  const port = options.port ?? (await freePort());
  const args = ['-D', cluster, ...settingArguments(port, options)];
  const server = await untilRunning(runner.command(postgres, args), dataDir);
  return {
    url: urlOf(password, port),
    port,
    pid: server.pid,
    stop: () => server.stop(),
    kill: () => server.kill(),
  };
}

function settingArguments(port: number, options: PostgresOptions): string[] {
  const fast: Record<string, string> = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  const settings: Record<string, string> = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '300',
    shared_buffers: '128MB',
    max_wal_size: '2GB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(options.fsync === false ? fast : {}),
    ...options.settings,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

interface Runner {
  user: UnprivilegedUser | undefined;
  command(program: string, args: string[]): [string, string[]];
}

/**
 * As root we drop to an unprivileged user; where that user may not enter a directory (a checkout below /root or `mktemp -d`), it keeps the
 * one capability that lets it. initdb asks access(2) whether it may run itself and its neighbour, and that call forgets the
 * capabilities of other users than root unless no_setuid_fixup is set.
 */
export function runnerFor(paths: string[]): Runner {
  const user = unprivilegedUser();
  if (!user) return { user, command: (program, args) => [program, args] };
  const identity = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
  const reachable = paths.every(openToOthers);
  const capability = reachable
    ? []
    : ['--securebits=+no_setuid_fixup', '--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  return { user, command: (program, args) => ['setpriv', [...identity, ...capability, program, ...args]] };
}

function superuserPassword(dataDir: string): string {
  const file = join(dataDir, 'superuser-password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(18).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

async function initialise(initdb: string, dataDir: string, runner: Runner, sync: boolean): Promise<void> {
  const cluster = join(dataDir, 'cluster');
  rmSync(cluster, { recursive: true, force: true });
  mkdirSync(cluster, { mode: 0o700 });
  // The new cluster's owner must read the password once: a copy of its own, removed afterwards.
  const passwordCopy = join(dataDir, 'superuser-password.initdb');
  writeFileSync(passwordCopy, superuserPassword(dataDir), { mode: 0o600 });
  if (runner.user) {
    chownSync(cluster, runner.user.uid, runner.user.gid);
    chownSync(passwordCopy, runner.user.uid, runner.user.gid);
  }
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordCopy}`];
  const args = ['-D', cluster, ...locale, ...access, ...(sync ? [] : ['--no-sync'])];
  try {
    await promisify(execFile)(...runner.command(initdb, args), { cwd: '/' });
  } catch (cause) {
    rmSync(cluster, { recursive: true, force: true });
    const { stderr = '' } = cause as { stderr?: string };
    throw new Error(`Postgres could not create its data directory ${cluster}\n${stderr.trim()}`, { cause });
  } finally {
    rmSync(passwordCopy, { force: true });
  }
}

/** Starts the server; after a crash the former server's backends may hold its shared memory for a moment longer. */
async function untilRunning([program, args]: [string, string[]], dataDir: string): Promise<OwnedProcess> {
  const logFile = join(dataDir, 'postgres.log');
  const pidFile = join(dataDir, 'cluster', 'postmaster.pid');
  const attempt = async () => {
    const server = spawnOwned(program, args, { logFile, stopSignal: 'SIGINT', cwd: '/' });
    await waitFor('Postgres to accept connections', () => server.ended() || isReady(pidFile, server.pid), {
      timeoutMs: 60_000,
    });
    const formerStillThere = /pre-existing shared memory block|lock file "postmaster.pid" already exists/;
    return server.ended() && formerStillThere.test(server.logTail()) ? undefined : server;
  };
  const server = await waitFor('the former Postgres to let go of the data directory', attempt, {
    timeoutMs: 15_000,
    everyMs: 100,
  });
  if (server.ended()) throw new Error(`Postgres ended while starting:\n${server.logTail()}`);
  return server;
}

/** Where the server runs that another process started on this data directory; undefined when none does. */
export function findPostgres(dataDir: string): { url: string } | undefined {
  const pidFile = join(dataDir, 'cluster', 'postmaster.pid');
  if (!existsSync(pidFile)) return undefined;
  const [pid, , , port] = readFileSync(pidFile, 'utf8').split('\n');
  // A server that was killed leaves its file behind.
  if (!isReady(pidFile, Number(pid)) || !isAlive(Number(pid))) return undefined;
  return { url: urlOf(superuserPassword(resolve(dataDir)), Number(port)) };
}

function urlOf(password: string, port: number): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
}

/** The 8th line of postmaster.pid says `ready` once connections are accepted (what pg_ctl looks at). */
function isReady(pidFile: string, pid: number): boolean {
  if (!existsSync(pidFile)) return false;
  const lines = readFileSync(pidFile, 'utf8').split('\n');
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}
