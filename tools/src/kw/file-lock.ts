import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
// Not the whole library: kw is to start quickly.
import { isAlive } from '@kilowatch/testing/kill';
import { waitFor } from '@kilowatch/testing/wait-for';
import { KwError } from './kw-error.js';

export interface LockOptions {
  /** How long to wait for another holder. */
  readonly waitMs?: number;
  /** A lock of this age is nobody's: the work under it takes far less. */
  readonly staleMs?: number;
}

/**
 * Runs `work` while no other process on this machine does under the same file. The file holds the process id of its owner: that of
 * a process that was killed is taken over.
 *
 * @throws naming the file when another holds it for too long
 */
export async function withFileLock<T>(
  file: string,
  work: () => Promise<T>,
  { waitMs = 30_000, staleMs = 120_000 }: LockOptions = {},
): Promise<T> {
  // What cannot be created at all is not worth waiting for.
  if (!create(file)) {
    const take = () => create(file) || (isAbandoned(file, staleMs) && takeOver(file, staleMs));
    await waitFor(`the lock ${file}`, take, { timeoutMs: waitMs, everyMs: 50 }).catch(() => {
      throw new KwError('UNAVAILABLE', `another kw holds ${file} for too long: end it, or remove the file`);
    });
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function create(file: string): boolean {
  try {
    const handle = openSync(file, 'wx', 0o600);
    writeSync(handle, String(process.pid));
    closeSync(handle);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isAbandoned(file: string, staleMs: number): boolean {
  try {
    const owner = Number(readFileSync(file, 'utf8'));
    const ageMs = Date.now() - statSync(file).mtimeMs;
    // Without a number its owner is just about to write it.
    return ageMs > staleMs || (owner > 0 && !isAlive(owner));
  } catch {
    return false;
  }
}

/** Two that find the same abandoned lock must not both remove it: the second would remove the lock of the first. */
function takeOver(file: string, staleMs: number): boolean {
  const guard = `${file}.takeover`;
  if (!create(guard)) return false;
  try {
    if (isAbandoned(file, staleMs)) rmSync(file, { force: true });
    return create(file);
  } finally {
    rmSync(guard, { force: true });
  }
}
