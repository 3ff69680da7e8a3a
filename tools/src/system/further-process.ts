import { freePort } from '@kilowatch/testing';
import { environmentOf, type Addresses } from './environment.js';
import { localSecrets } from './secrets.js';
import { SERVICES } from './services.js';
import { startPod } from './start-pod.js';
import type { System } from './start-system.js';

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
  const env = environmentOf(service, own, localSecrets(options.dataDir), options);
  const pod = { root: options.root, onLog: options.onLog, processes };
  const process = await startPod(pod, { service: name, name: called, env, httpPort });
  return {
    httpPort,
    stop: async () => {
      await process.stop();
      processes.delete(called);
    },
  };
}
