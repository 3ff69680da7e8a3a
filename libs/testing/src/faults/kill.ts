import { portAccepts } from '../infra/ports.js';
import { waitFor } from '../wait-for.js';

/** True while a process with this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** kill -9, and waits until the process is gone and nothing accepts on its port any more. */
export async function killHard(pid: number, port?: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await waitFor(`process ${pid} to end`, () => !isAlive(pid));
  if (port !== undefined) await waitFor(`port ${port} to close`, async () => !(await portAccepts(port)));
}

/** SIGSTOP: the process holds its sockets and locks but does nothing. */
export function freeze(pid: number): void {
  process.kill(pid, 'SIGSTOP');
}

export function thaw(pid: number): void {
  process.kill(pid, 'SIGCONT');
}
