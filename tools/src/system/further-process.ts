import { join } from 'node:path';
import { freePort, waitFor } from '@kilowatch/testing';
import { environmentOf, type Addresses } from './environment.js';
import { isReady } from './is-ready.js';
import { localSecrets } from './secrets.js';
import { ServiceProcess } from './service-process.js';
import { SERVICES } from './services.js';
import type { System } from './start-system.js';

const READY_WITHIN_MS = 90_000;

export interface FurtherProcess {
  readonly httpPort: number;
  /** In good order; resolves when it is gone. */
  stop(): Promise<void>;
}

/**
 * A second process of a service, on ports of its own. Calls go to the first one only; events, jobs and the relay of the outbox are
 * shared by both. Ends with the system, if it is not stopped before. Resolves when it is ready.
 */
export async function startFurther(system: System, name: string): Promise<FurtherProcess> {
  const { options, addresses, processes } = system;
  const service = SERVICES.find((spec) => spec.name === name);
  if (!service) throw new Error(`no service is called ${name}`);
  const [grpc, httpPort] = [await freePort(), await freePort()];
  const own: Addresses = {
    ...addresses,
    grpc: { ...addresses.grpc, [name]: grpc },
    http: { ...addresses.http, [name]: httpPort },
  };
  const called = `${name}-2`;
  const process = new ServiceProcess({
    name: called,
    entry: join(options.root, 'apps', name, 'dist/main.js'),
    env: environmentOf(service, own, localSecrets(options.dataDir), options),
    cwd: options.root,
    onLine: (line) => options.onLog(called, line),
    onCrash: (code, signal) => options.onLog(called, `ended unexpectedly (code ${code}, signal ${signal})`),
  });
  processes.set(called, process);
  process.start();
  await waitFor(`${called} to be ready`, () => isReady(httpPort), { timeoutMs: READY_WITHIN_MS });
  return {
    httpPort,
    stop: async () => {
      await process.stop();
      processes.delete(called);
    },
  };
}
