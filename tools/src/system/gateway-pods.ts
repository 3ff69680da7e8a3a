import { join } from 'node:path';
import { freePort, startTcpBalancer, waitFor, type TcpBalancer } from '@kilowatch/testing';
import type { Addresses } from './environment.js';
import { isReady } from './is-ready.js';
import { ServiceProcess } from './service-process.js';

const NAME = 'ocpp-gateway';
const READY_WITHIN_MS = 90_000;

export interface GatewayPodsOptions {
  readonly root: string;
  readonly addresses: Addresses;
  /** Of a gateway on these addresses. */
  readonly environment: (at: Addresses) => Record<string, string>;
  readonly onLog: (pod: string, line: string) => void;
  /** Gets each process, so that it ends with the system. */
  readonly processes: Map<string, ServiceProcess>;
}

export interface Pod {
  readonly name: string;
  readonly process: ServiceProcess;
  readonly ports: readonly number[];
}

/** Several gateways as the pods of a Deployment: each on ports of its own, all behind the addresses that the others know. */
export class GatewayPods {
  readonly pods: Pod[] = [];
  private made = 0;

  private constructor(
    private readonly options: GatewayPodsOptions,
    private readonly balancers: readonly TcpBalancer[],
  ) {}

  static async open(options: GatewayPodsOptions): Promise<GatewayPods> {
    const { ports, grpc, http } = options.addresses;
    const addresses = [ports.ocpp, grpc[NAME], http[NAME]];
    return new GatewayPods(options, await Promise.all(addresses.map((port) => startTcpBalancer(port))));
  }

  /** A new pod; resolves when it is ready and gets connections. */
  async add(): Promise<Pod> {
    const { addresses, environment, root, onLog, processes } = this.options;
    const [ocpp, grpc, http] = [await freePort(), await freePort(), await freePort()];
    const name = `${NAME}-${++this.made}`;
    const own: Addresses = {
      ...addresses,
      ports: { ...addresses.ports, ocpp },
      grpc: { ...addresses.grpc, [NAME]: grpc },
      http: { ...addresses.http, [NAME]: http },
    };
    const process = new ServiceProcess({
      name,
      entry: join(root, 'apps', NAME, 'dist/main.js'),
      env: { ...environment(own), KW_POD_ID: name },
      cwd: root,
      onLine: (line) => onLog(name, line),
      onCrash: (code, signal) => onLog(name, `ended unexpectedly (code ${code}, signal ${signal})`),
    });
    processes.set(name, process);
    process.start();
    await waitFor(`${name} to be ready`, () => isReady(http), { timeoutMs: READY_WITHIN_MS, everyMs: 50 });
    const pod = { name, process, ports: [ocpp, grpc, http] };
    this.balancers.forEach((balancer, index) => balancer.include(pod.ports[index] ?? 0));
    this.pods.push(pod);
    return pod;
  }

  /** Gets no new connections, works on for the time of its preStop hook, then SIGTERM; resolves when it has ended. */
  async retire(pod: Pod, preStopMs: number, graceMs: number): Promise<void> {
    this.balancers.forEach((balancer, index) => balancer.exclude(pod.ports[index] ?? 0));
    await new Promise((resolve) => setTimeout(resolve, preStopMs));
    await pod.process.stop(graceMs);
    this.pods.splice(this.pods.indexOf(pod), 1);
  }

  async close(): Promise<void> {
    await Promise.all(this.balancers.map((balancer) => balancer.close()));
  }
}
