import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { CrashPoint } from '@kilowatch/platform';
import { freePort, startNats, startPostgres, waitFor } from '@kilowatch/testing';
import { migrateAll } from '../migrate/run-migrations.js';
import { claimPorts } from './claim-ports.js';
import { clockOffsetPath, crashOrderPath, environmentOf, type Addresses } from './environment.js';
import { unlessInterrupted } from './interruption.js';
import { GatewayPods } from './gateway-pods.js';
import { isReady } from './is-ready.js';
import type { MailSink } from './mail-sink.js';
import { localSecrets } from './secrets.js';
import { startServers, type Nats, type Postgres } from './servers.js';
import { ServiceProcess } from './service-process.js';
import { startsOf } from './service-starts.js';
import { SERVICES, type ServiceSpec } from './services.js';
import type { SystemOptions, SystemPorts } from './system-options.js';

const START_TIMEOUT_MS = 90_000;
const RESTART_MS = 500;
/** A service looks at its offset every 100 ms. */
const CLOCKS_SET_MS = 250;

/** A running Kilowatch: all services as processes, with handles on each for fault runs. */
export class System {
  /** Only where `gatewayPods` says so. */
  pods: GatewayPods | undefined;
  private stopping = false;

  constructor(
    readonly options: SystemOptions,
    readonly addresses: Addresses,
    readonly processes: Map<string, ServiceProcess>,
    readonly mail: MailSink,
    private postgres: Postgres | undefined,
    private nats: Nats | undefined,
  ) {}

  get ports(): SystemPorts {
    return this.addresses.ports;
  }

  get graphqlUrl(): string {
    return `http://127.0.0.1:${this.ports.public}/graphql`;
  }

  get ocppUrl(): string {
    return `ws://127.0.0.1:${this.ports.ocpp}/ocpp`;
  }

  get ocpiUrl(): string {
    return `http://127.0.0.1:${this.ports.ocpi}`;
  }

  process(name: string): ServiceProcess {
    const found = this.processes.get(name);
    if (!found) throw new Error(`no service is called ${name}`);
    return found;
  }

  /** Resolves when the service answers that it is ready. */
  async ready(name: string, timeoutMs = START_TIMEOUT_MS): Promise<void> {
    await waitFor(`${name} to be ready`, () => isReady(this.addresses.http[name]), { timeoutMs });
  }

  /** SIGKILL to a service; it stays away until `revive`. */
  async kill(name: string): Promise<void> {
    if (name === 'postgres') return this.own(this.postgres, name).kill();
    if (name === 'nats') return this.own(this.nats, name).kill();
    return this.process(name).kill();
  }

  /**
   * Has a service die (kill -9) the next time it passes a point; resolves when it is gone. It stays away until `revive`. Only a
   * system with `environment: 'test'` can.
   */
  async crashAt(name: string, point: CrashPoint, timeoutMs = 30_000): Promise<void> {
    if (this.options.environment !== 'test') throw new Error('crash points need the environment `test`');
    const process = this.process(name);
    writeFileSync(crashOrderPath(this.options.dataDir, name), point);
    await waitFor(`${name} to die ${point}`, () => process.pid === undefined, { timeoutMs });
  }

  /**
   * Sets the clocks of some services, or of all, so many ms off the machine's; resolves when they go by it. Only a system with
   * `environment: 'test'` and `clocks` can. What the database and NATS take for the time stays right.
   */
  async setClocks(offsetMs: number, names: readonly string[] = [...this.processes.keys()]): Promise<void> {
    if (!this.options.clocks) throw new Error('setting clocks needs the option `clocks`');
    for (const name of names)
      writeFileSync(clockOffsetPath(this.options.dataDir, name), String(Math.round(offsetMs)));
    await pause(CLOCKS_SET_MS);
  }

  /** Ends a part in good order; it stays away until `revive`. */
  async halt(name: string): Promise<void> {
    if (name === 'postgres') return this.own(this.postgres, name).stop();
    if (name === 'nats') return this.own(this.nats, name).stop();
    await this.process(name).stop();
  }

  /** Deletes everything NATS has stored; NATS must be away. */
  loseNatsData(): void {
    rmSync(join(this.options.dataDir, 'nats'), { recursive: true });
  }

  /** Starts what was killed or halted on the same data and address; resolves when it is ready. */
  async revive(name: string): Promise<void> {
    const { dataDir, fsync } = this.options;
    if (name === 'postgres') {
      const { port } = this.own(this.postgres, name);
      this.postgres = await startPostgres({ dataDir: join(dataDir, 'postgres'), port, fsync });
    } else if (name === 'nats') {
      const { port } = this.own(this.nats, name);
      this.nats = await startNats({ storeDir: join(dataDir, 'nats'), port });
    } else {
      this.process(name).start();
      await this.ready(name);
    }
  }

  /** Process ids of everything that works for this system, by name. */
  pids(): Map<string, number> {
    const pids = new Map<string, number>();
    for (const [name, process] of this.processes) if (process.pid) pids.set(name, process.pid);
    if (this.postgres) pids.set('postgres', this.postgres.pid);
    if (this.nats) pids.set('nats', this.nats.pid);
    return pids;
  }

  private own<T>(server: T | undefined, name: string): T {
    if (!server) throw new Error(`${name} is not ours: it was given by URL`);
    return server;
  }

  /** What ends while the system stops did not crash. */
  get isStopping(): boolean {
    return this.stopping;
  }

  /** Stops services, NATS and Postgres, in this order; leaves nothing running. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all([...this.processes.values()].map((process) => process.stop()));
    await this.pods?.close();
    await this.mail.close();
    await this.nats?.stop();
    await this.postgres?.stop();
  }
}

/**
 * Starts Postgres and NATS (unless given), brings the schemas to their head and starts all services.
 * Rejects, with everything stopped again, when it is interrupted, and with a sentence that says what to do when a port is
 * taken or a service does not come up.
 */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { signal } = options;
  mkdirSync(options.dataDir, { recursive: true });
  const ports = await claimPorts(options.ports);
  const secrets = localSecrets(options.dataDir);
  // A Ctrl-C reaches what they start (initdb) too: that it failed is not worth a word then.
  const { postgres, nats, mail } = await startServers(options).catch((error: unknown) => {
    throw signal?.aborted ? signal.reason : error;
  });
  const http: Record<string, number> = {};
  const grpc: Record<string, number> = {};
  for (const service of SERVICES) {
    http[service.name] = await freePort();
    if (service.grpc) grpc[service.name] = await freePort();
  }
  const databaseUrl = options.databaseUrl ?? postgres?.url ?? '';
  const natsUrl = options.natsUrl ?? nats?.url ?? '';
  const addresses: Addresses = { databaseUrl, natsUrl, smtpUrl: mail.url, ports, http, grpc };
  const processes = new Map<string, ServiceProcess>();
  const system = new System(options, addresses, processes, mail, postgres, nats);
  try {
    const services = SERVICES.filter(({ name }) => !options.services || options.services.includes(name));
    await migrateAll(databaseUrl, () => secrets.databasePassword, options.root, { services });
    signal?.throwIfAborted();
    const environment = (service: ServiceSpec) => environmentOf(service, addresses, secrets, options);
    const single = services.filter(({ name }) => !options.gatewayPods || name !== 'ocpp-gateway');
    const pods = services.filter((service) => !single.includes(service));
    await Promise.all([
      startServices(system, single, environment, processes),
      ...pods.map(async (gateway) => {
        const of = (at: Addresses) => environmentOf(gateway, at, secrets, options);
        system.pods = await startGatewayPods(system, of);
      }),
    ]);
  } catch (error) {
    await system.stop();
    throw error;
  }
  return system;
}

/** All service processes; resolves when each is ready, rejects when one ends before that. */
async function startServices(
  system: System,
  services: readonly ServiceSpec[],
  environment: (service: ServiceSpec) => Record<string, string>,
  processes: Map<string, ServiceProcess>,
): Promise<void> {
  const { options } = system;
  let started = false;
  let crashed: (error: Error) => void = () => undefined;
  const crash = new Promise<never>((_resolve, reject) => (crashed = reject));
  crash.catch(() => undefined);
  for (const start of startsOf(services, environment, options.together === true)) {
    const { name } = start;
    const child: ServiceProcess = new ServiceProcess({
      ...start,
      entry: join(options.root, start.entry),
      cwd: options.root,
      onLine: (line) => options.onLog(name, line),
      onCrash: (code, signal) => {
        if (system.isStopping) return;
        options.onLog(name, `ended unexpectedly (code ${code}, signal ${signal})`);
        if (!started) crashed(new Error(`${name} ended while it was starting: see its lines above`));
        else if (options.restart) {
          setTimeout(() => {
            if (!system.isStopping) child.start();
          }, RESTART_MS);
        }
      },
    });
    processes.set(name, child);
    child.start();
  }
  const ready = Promise.all(services.map((service) => system.ready(service.name)));
  await unlessInterrupted(options.signal, Promise.race([ready, crash]));
  started = true;
}

/** As many pods as asked for, one after the other; all of them end with the system. */
async function startGatewayPods(
  system: System,
  environment: (at: Addresses) => Record<string, string>,
): Promise<GatewayPods> {
  const { options, addresses, processes } = system;
  const { root, onLog, gatewayPods = 0 } = options;
  const pods = await GatewayPods.open({ root, addresses, environment, onLog, processes });
  for (let count = 0; count < gatewayPods; count += 1) await pods.add();
  return pods;
}
