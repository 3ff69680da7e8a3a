import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemOptionsFrom } from './command-line.js';
import { Interrupted, unlessInterrupted } from './interruption.js';
import { startSystem, type System } from './start-system.js';
import type { SystemOptions } from './system-options.js';

export interface TemporarySystemOptions {
  /** Part of the folder's name. */
  readonly name: string;
  readonly fsync: boolean;
  readonly signal: AbortSignal;
  /** Options of the command line, see START_HELP. */
  readonly args?: readonly string[];
  readonly over?: Partial<SystemOptions>;
}

const LINES_OF_A_FAILURE = 30;

/**
 * Runs `work` on a system of its own on free ports. When it is done, has failed or is interrupted, everything is stopped and
 * the data is removed. `log` is what the services said; its end is printed when start or work fail.
 */
export async function withTemporarySystem<T>(
  options: TemporarySystemOptions,
  work: (system: System, log: readonly string[]) => Promise<T>,
): Promise<T> {
  const { name, fsync, signal, args = [], over } = options;
  const dataDir = mkdtempSync(join(tmpdir(), `kilowatch-${name}-`));
  const log: string[] = [];
  try {
    const parsed = systemOptionsFrom(
      ['--data-dir', dataDir, '--log-level', 'warn', ...args],
      { ports: 'any', dataDir, fsync },
      (service, line) => log.push(`${service}: ${line}`),
    );
    const system = await startSystem({ ...parsed, ...over, signal });
    try {
      return await unlessInterrupted(signal, work(system, log));
    } finally {
      await system.stop();
    }
  } catch (error) {
    if (!(error instanceof Interrupted))
      log.slice(-LINES_OF_A_FAILURE).forEach((line) => process.stderr.write(`${line}\n`));
    throw error;
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
