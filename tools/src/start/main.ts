import { seedDemo } from '../seed/seed-demo.js';
import { DEMO_ACCOUNTS, DEMO_PASSWORD, DEMO_STATION_PASSWORD } from '../seed/demo-data.js';
import { START_HELP, systemOptionsFrom } from '../system/command-line.js';
import { Interrupted, interruption, unlessInterrupted, untilInterrupted } from '../system/interruption.js';
import { formatLogLine } from '../system/log-format.js';
import { runTool } from '../system/run-tool.js';
import { SERVICES } from '../system/services.js';
import { startSystem, type System } from '../system/start-system.js';
import { DEMO_ADMIN, type SystemOptions } from '../system/system-options.js';
import { DemoFleet } from './fleet.js';

/** Everything up with one command; Ctrl-C stops all of it. */
async function main(): Promise<number> {
  const colour = process.stdout.isTTY === true;
  const order = new Map(SERVICES.map((service, index) => [service.name, index]));
  const options = systemOptionsFrom(
    process.argv.slice(2),
    { ports: 'default', dataDir: '.kilowatch', fsync: true },
    (source, line) =>
      process.stdout.write(`${formatLogLine(source, line, (service) => order.get(service) ?? 0, colour)}\n`),
  );
  if (options.help) {
    process.stdout.write(`${START_HELP}\n`);
    return 0;
  }
  const signal = interruption();
  try {
    await run({ ...options, contractPool: true, signal }, signal);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  }
  return 0;
}

async function run(options: SystemOptions, signal: AbortSignal): Promise<void> {
  const startedAt = performance.now();
  const system = await startSystem(options);
  const fleet = new DemoFleet(system.ocppUrl);
  try {
    await unlessInterrupted(signal, seedDemo(system.graphqlUrl));
    await unlessInterrupted(signal, fleet.start());
    process.stdout.write(welcome(system, (performance.now() - startedAt) / 1000));
    await untilInterrupted(signal);
    process.stdout.write('\nstopping\n');
  } finally {
    await fleet.stop();
    await system.stop();
  }
}

function welcome(system: System, seconds: number): string {
  const { ports } = system;
  const people = [
    `${DEMO_ACCOUNTS[1].email} / ${DEMO_PASSWORD}   (driver)`,
    `${DEMO_ACCOUNTS[0].email} / ${DEMO_PASSWORD}   (operator)`,
    `${DEMO_ADMIN.email} / ${DEMO_ADMIN.password}   (administrator)`,
  ];
  return [
    '',
    `Kilowatch is up after ${seconds.toFixed(1)} s. Ctrl-C stops everything.`,
    `  portal    http://localhost:${ports.public}`,
    `  GraphQL   http://localhost:${ports.public}/graphql`,
    `  OCPP      ws://localhost:${ports.ocpp}/ocpp/<station>   (1.6 and 2.0.1; password ${DEMO_STATION_PASSWORD})`,
    `  OCPI      http://localhost:${ports.ocpi}/ocpi/versions`,
    `  mails     ${system.mail.dir}`,
    ...people.map((person, index) => `  ${index === 0 ? 'sign in' : '       '}   ${person}`),
    '',
    '',
  ].join('\n');
}

runTool(main);
