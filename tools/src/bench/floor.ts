import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { freePort } from '@kilowatch/testing';
import { WORKSPACE_ROOT } from '../workspace-root.js';
import type { Target } from './load.js';

export interface Floor extends Target {
  readonly pid: number;
  /** Where its inspector listens once it is woken. */
  readonly inspectPort: number;
}

export interface FloorOptions {
  /** Each row is committed before the answer; its Postgres counts. */
  readonly durable?: { readonly databaseUrl: string; readonly postgresPid: number };
}

/** Runs `work` against the raw server, which does the least a server can do for the same frames. */
export async function withFloor<T>(
  { durable }: FloorOptions,
  work: (floor: Floor) => Promise<T>,
): Promise<T> {
  const port = await freePort();
  const inspectPort = await freePort();
  const args = [
    `--inspect-port=127.0.0.1:${inspectPort}`,
    join(WORKSPACE_ROOT, 'tools/dist/bench/floor-server.js'),
    String(port),
  ];
  if (durable) args.push(durable.databaseUrl);
  // What its inspector says is no news; what goes wrong shows at the sockets.
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  try {
    await once(createInterface({ input: child.stdout }), 'line');
    const pids = new Map([['floor', child.pid!]]);
    if (durable) pids.set('postgres', durable.postgresPid);
    return await work({
      url: `ws://127.0.0.1:${port}`,
      pids: () => pids,
      quiet: () => Promise.resolve(),
      pid: child.pid!,
      inspectPort,
    });
  } finally {
    const gone = once(child, 'exit');
    child.stdin.end();
    await gone;
  }
}
