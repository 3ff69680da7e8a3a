import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seedDemo } from '../seed/seed-demo.js';
import { systemOptionsFrom } from '../system/command-line.js';
import { runTool } from '../system/run-tool.js';
import { startSystem, type System } from '../system/start-system.js';
import { quietSystem } from '../system/quiet-system.js';
import { WORKSPACE_ROOT } from '../workspace-root.js';
import { runLoad, type LoadResult } from './load.js';
import { addHistory, floor, idleKb, provisionChargers, tableRow } from './ocpp-bench.js';

const HELP = `Usage: npm run bench -- ocpp [--seconds N] [--history N] [--quick]
Closed loop of boot, status, authorize, start, 20 meter messages of 9 values, stop; CPU of every process, until all events are
dealt with. Floors (raw servers for the same frames) run in the same minutes on the same machine.`;

const print = (line = '') => process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '15' },
      history: { type: 'string', default: '1000000' },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  });
  if (positionals[0] !== 'ocpp' || values.help) {
    print(HELP);
    return values.help ? 0 : 2;
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'kilowatch-bench-'));
  const log: string[] = [];
  const options = systemOptionsFrom(
    ['--data-dir', dataDir, '--log-level', 'warn'],
    { ports: 'any', dataDir, fsync: true },
    (service, line) => log.push(`${service}: ${line}`),
  );
  const system = await startSystem({ ...options, environment: 'production' });
  try {
    await benchOcpp(system, Number(values.seconds), values.quick ? 0 : Number(values.history));
    return 0;
  } catch (error) {
    log.slice(-30).forEach((line) => print(line));
    throw error;
  } finally {
    await system.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function benchOcpp(system: System, seconds: number, history: number): Promise<void> {
  const { operator } = await seedDemo(system.graphqlUrl);
  const chargers = await provisionChargers(operator, 500);
  const quiet = () => quietSystem(system.addresses.databaseUrl);
  await quiet();
  const idle = await idleKb(system, chargers);
  const load = (count: number, version: '1.6' | '2.0.1') =>
    runLoad({
      url: system.ocppUrl,
      chargers: chargers.slice(0, count),
      version,
      seconds,
      pids: () => system.pids(),
      quiet,
    });
  print(
    `${'server'.padEnd(44)}  ${'msgs/s'.padStart(8)}  ${'p50 / p99 ms'.padStart(16)}  ${'CPU-ms/msg'.padStart(10)}`,
  );
  const show = (name: string, result: LoadResult) => {
    print(tableRow(name, result));
    return result;
  };
  const short = Math.min(seconds, 6);
  show(
    'floor: raw ws, canned answer',
    await floor(system, WORKSPACE_ROOT, chargers.slice(0, 50), false, short),
  );
  show(
    'floor: the same, committed by group',
    await floor(system, WORKSPACE_ROOT, chargers.slice(0, 50), true, short),
  );
  const first = show('Kilowatch, 50 chargers, 2.0.1', await load(50, '2.0.1'));
  show('Kilowatch, 50 chargers, 1.6', await load(50, '1.6'));
  const wide = show('Kilowatch, 500 chargers, 2.0.1', await load(500, '2.0.1'));
  if (history > 0) {
    await addHistory(system.addresses.databaseUrl, history);
    show(`Kilowatch, 50 chargers, ${history} readings stored`, await load(50, '2.0.1'));
  }
  print();
  print('CPU-ms per message by process, 50 / 500 chargers');
  for (const [name, ms] of first.cpuMsPerMessage) {
    print(
      `  ${name.padEnd(18)} ${ms.toFixed(3).padStart(7)}  ${(wide.cpuMsPerMessage.get(name) ?? 0).toFixed(3).padStart(7)}`,
    );
  }
  print(`idle connection: ${idle} KB in the gateway`);
}

runTool(main);
