import { join } from 'node:path';
import { waitFor } from '@kilowatch/testing';
import { isReady } from './is-ready.js';
import { ServiceProcess } from './service-process.js';

const READY_WITHIN_MS = 90_000;

export interface PodOptions {
  readonly root: string;
  readonly onLog: (pod: string, line: string) => void;
  /** Gets the process, so that it ends with the system. */
  readonly processes: Map<string, ServiceProcess>;
}

export interface PodPlace {
  readonly service: string;
  /** Its own name among the processes of the system. */
  readonly name: string;
  readonly env: Record<string, string>;
  readonly httpPort: number;
}

/** One more process of a service, on ports of its own; resolves when it is ready. */
export async function startPod(
  { root, onLog, processes }: PodOptions,
  { service, name, env, httpPort }: PodPlace,
): Promise<ServiceProcess> {
  const process = new ServiceProcess({
    name,
    entry: join(root, 'apps', service, 'dist/main.js'),
    env,
    cwd: root,
    onLine: (line) => onLog(name, line),
    onCrash: (code, signal) => onLog(name, `ended unexpectedly (code ${code}, signal ${signal})`),
  });
  processes.set(name, process);
  process.start();
  await waitFor(`${name} to be ready`, () => isReady(httpPort), { timeoutMs: READY_WITHIN_MS, everyMs: 50 });
  return process;
}
