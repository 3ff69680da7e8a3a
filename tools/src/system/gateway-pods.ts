import { freePort, startTcpBalancer, type TcpBalancer } from '@kilowatch/testing';
import type { Addresses } from './environment.js';
import type { ServiceProcess } from './service-process.js';
import { startPod, type PodOptions } from './start-pod.js';

const NAME = 'ocpp-gateway';

export interface GatewayPodsOptions extends PodOptions {
  readonly addresses: Addresses;
  /** Of a gateway on these addresses. */
  readonly environment: (at: Addresses) => Record<string, string>;
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
    const { addresses, environment } = this.options;
    const [ocpp, grpc, http] = [await freePort(), await freePort(), await freePort()];
    const name = `${NAME}-${++this.made}`;
    const own: Addresses = {
      ...addresses,
      ports: { ...addresses.ports, ocpp },
      grpc: { ...addresses.grpc, [NAME]: grpc },
      http: { ...addresses.http, [NAME]: http },
    };
    const env = { ...environment(own), KW_POD_ID: name };
    const process = await startPod(this.options, { service: NAME, name, env, httpPort: http });
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
