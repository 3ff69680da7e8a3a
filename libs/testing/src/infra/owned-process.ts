import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

export interface OwnedProcess {
  readonly pid: number;
  /** True once the process has ended. */
  ended(): boolean;
  /** Asks the process to end and waits; after `deadlineMs` it is killed. */
  stop(deadlineMs?: number): Promise<void>;
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>;
  /** The last lines of its log, for error messages. */
  logTail(): string;
}

export interface SpawnOptions {
  logFile: string;
  /** The signal that means "end in good order" to this program. */
  stopSignal: NodeJS.Signals;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
}

// Reads a pipe whose other end only we hold: however we end (kill -9 included) it reads the end of
// the file and stops the process we left behind.
const WATCHER = 'read -r _; kill -s "$1" "$0" 2>/dev/null';

/** Starts a program that cannot outlive this process. Its output goes to `logFile`. */
export function spawnOwned(command: string, args: readonly string[], options: SpawnOptions): OwnedProcess {
  const log = openSync(options.logFile, 'a');
  const child = spawn(command, args, {
    stdio: ['ignore', log, log],
    detached: true,
    cwd: options.cwd,
    env: options.env ?? process.env,
    uid: options.uid,
    gid: options.gid,
  });
  closeSync(log);
  let failure: Error | undefined;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      failure = error;
      resolve();
    });
  });
  child.unref();
  if (child.pid !== undefined) watch(child.pid, options.stopSignal, exited);

  const ended = () => failure !== undefined || child.exitCode !== null || child.signalCode !== null;
  const end = async (signal: NodeJS.Signals, deadlineMs: number) => {
    if (ended()) return;
    child.ref();
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
    await exited;
    clearTimeout(timer);
  };
  return {
    pid: child.pid ?? -1,
    ended,
    stop: (deadlineMs = 20_000) => end(options.stopSignal, deadlineMs),
    kill: () => end('SIGKILL', 20_000),
    logTail: () => failure?.message ?? tail(options.logFile),
  };
}

function watch(pid: number, stopSignal: NodeJS.Signals, exited: Promise<void>): void {
  const signal = stopSignal.replace('SIG', '');
  const watcher = spawn('/bin/sh', ['-c', WATCHER, String(pid), signal], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.on('error', () => undefined);
  watcher.stdin.on('error', () => undefined);
  watcher.unref();
  (watcher.stdin as unknown as { unref?: () => void }).unref?.();
  void exited.then(() => watcher.kill('SIGKILL'));
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-8).join('\n');
}
