import { cpus, loadavg } from 'node:os';
import { freePort } from '@kilowatch/testing';
import { seedDemo } from '../seed/seed-demo.js';
import { interruption } from '../system/interruption.js';
import { runTool } from '../system/run-tool.js';
import { TOGETHER } from '../system/service-starts.js';
import { SERVICES } from '../system/services.js';
import { withTemporarySystem } from '../system/temporary-system.js';
import { AuthBench } from './auth-bench.js';
import { BillingBench } from './billing-bench.js';
import { BENCH_HELP, benchOptions } from './bench-options.js';
import { MeteringBench } from './metering-bench.js';
import { MONTH_SERVICES } from './month.js';
import { OcppParts } from './ocpp-parts.js';
import { disturbance } from './verdict.js';

/** What a server of this size is given; the default of the embedded one is for a developer's machine. */
const POSTGRES_SETTINGS = { shared_buffers: '256MB' };

const print = (line = '') => process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const options = benchOptions(process.argv.slice(2));
  if (!options) {
    print(BENCH_HELP);
    return 0;
  }
  if (options.what === 'auth') {
    const over = {
      environment: 'production',
      extraEnv: { auth: { KW_EGRESS_ALLOW: '127.0.0.1' } },
      postgresSettings: POSTGRES_SETTINGS,
    } as const;
    return withTemporarySystem({ name: 'bench', fsync: true, signal: interruption(), over }, (system) =>
      new AuthBench(system, options.seconds, print).run(),
    );
  }
  if (options.what === 'metering') {
    const over = {
      environment: 'production',
      services: ['auth', 'metering', 'graphql-gateway'],
      postgresSettings: POSTGRES_SETTINGS,
    } as const;
    return withTemporarySystem({ name: 'bench', fsync: true, signal: interruption(), over }, (system) =>
      new MeteringBench(system, options, print).run(),
    );
  }
  if (options.what === 'billing') {
    const over = {
      environment: 'production',
      services: [...MONTH_SERVICES],
      postgresSettings: POSTGRES_SETTINGS,
    } as const;
    return withTemporarySystem({ name: 'bench', fsync: true, signal: interruption(), over }, (system) =>
      new BillingBench(system, options, print).run(),
    );
  }
  const { together } = options;
  const inspectPorts = new Map<string, number>();
  for (const name of together ? [TOGETHER] : SERVICES.map((service) => service.name))
    inspectPorts.set(name, await freePort());
  const extraEnv = Object.fromEntries(
    SERVICES.map(({ name }) => [name, environmentOf(name, inspectPorts.get(together ? TOGETHER : name))]),
  );
  const over = {
    environment: 'production',
    extraEnv,
    together,
    postgresSettings: POSTGRES_SETTINGS,
  } as const;
  const temporary = { name: 'bench', fsync: true, signal: interruption(), over };
  return withTemporarySystem(temporary, async (system) => {
    const { operator } = await seedDemo(system.graphqlUrl);
    const parts = new OcppParts(system, operator, inspectPorts, options, print);
    const wanted = (part: Parameters<typeof options.parts.has>[0]) => options.parts.has(part);
    print(together ? 'all services in one process' : 'each service in a process of its own');
    print(`${cpus().length} CPUs, load of the machine ${loadavg()[0]?.toFixed(1)} at the start`);
    if (wanted('closed') || wanted('history')) await parts.closedLoop(wanted('history'), wanted('closed'));
    if (wanted('open-loop')) await parts.openLoop();
    if (wanted('join')) await parts.join();
    if (wanted('idle')) await parts.idle();
    print();
    parts.verdicts.forEach(({ line }) => print(line));
    const disturbed = disturbance(parts.judged);
    if (disturbed) print(disturbed);
    return parts.verdicts.every(({ passed }) => passed) ? 0 : 1;
  });
}

function environmentOf(service: string, inspectPort: number | undefined): Record<string, string> {
  return {
    // The inspector sleeps until the idle part wakes it.
    NODE_OPTIONS: `--inspect-port=127.0.0.1:${inspectPort}`,
    // Once per firmware, some stations a second: no cost of a message, and after hundreds of first boots under way for minutes.
    ...(service === 'sessions' ? { KW_PROVISION_ON_BOOT: 'false' } : {}),
  };
}

runTool(main);
