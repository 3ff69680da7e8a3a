import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { seedDemo } from '../seed/seed-demo.js';
import { interruption } from '../system/interruption.js';
import { quietSystem } from '../system/quiet-system.js';
import { runTool } from '../system/run-tool.js';
import type { System } from '../system/start-system.js';
import { withTemporarySystem } from '../system/temporary-system.js';
import { WORKSPACE_ROOT } from '../workspace-root.js';
import { storeHistory } from './history.js';
import { runLoad, type LoadResult } from './load.js';
import { floor, idleKb, provisionChargers, tableHead, tableRow } from './ocpp-bench.js';
import { cheapest, disturbance, judgeCost, judgeGrowth, type Targets, type Verdict } from './verdict.js';

/** What the growth is counted from: next to nothing. */
const FEW_READINGS = 1_000;
const GROWTH_PERCENT = 10;
/** Each of the two loads that are compared runs twice: other processes on the machine disturb one of them less. */
const RUNS = 2;

const HELP = `Usage: npm run bench -- ocpp [OPTION...]
Closed loop of boot, status, authorize, start, 20 meter messages of 9 values, stop; CPU of every process, until all events are
dealt with. Floors (raw servers for the same frames) run in the same minutes on the same machine.
  --seconds N         length of each load (default 15)
  --history N         stored readings of the last load (default 1000000)
  --target-cpu-ms X   a message may cost that much CPU (default 1.0)
  --quick             without history
Prints PASS or FAIL for each target and ends with 1 when one was missed: the cost of a message at most --target-cpu-ms, and at most
${GROWTH_PERCENT} % more with ${FEW_READINGS.toLocaleString('en')} to N readings stored. This is a measurement for a quiet machine, not a test: it takes minutes and no
test run does it. The column "others" is what processes that have nothing to do with it took of the machine.`;

interface Settings {
  readonly seconds: number;
  readonly history: number;
  readonly targets: Targets;
}

const print = (line = '') => process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '15' },
      history: { type: 'string', default: '1000000' },
      'target-cpu-ms': { type: 'string', default: '1.0' },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  });
  if (positionals[0] !== 'ocpp' || values.help) {
    print(HELP);
    return values.help ? 0 : 2;
  }
  const settings: Settings = {
    seconds: positive(values.seconds, '--seconds'),
    history: values.quick ? 0 : positive(values.history, '--history'),
    targets: {
      cpuMsPerMessage: positive(values['target-cpu-ms'], '--target-cpu-ms'),
      growthPercent: GROWTH_PERCENT,
    },
  };
  const signal = interruption();
  const over = { environment: 'production' as const };
  const { verdicts, disturbed } = await withTemporarySystem(
    { name: 'bench', fsync: true, signal, over },
    (system) => benchOcpp(system, settings),
  );
  print();
  verdicts.forEach(({ line }) => print(line));
  if (disturbed) print(disturbed);
  return verdicts.every(({ passed }) => passed) ? 0 : 1;
}

function positive(text: string, option: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${option} wants a number above 0, not ${text}`);
  return value;
}

interface Outcome {
  readonly verdicts: readonly Verdict[];
  readonly disturbed: string | undefined;
}

async function benchOcpp(system: System, { seconds, history, targets }: Settings): Promise<Outcome> {
  const { databaseUrl } = system.addresses;
  const { operator } = await seedDemo(system.graphqlUrl);
  const chargers = await provisionChargers(operator, 500);
  const quiet = () => quietSystem(databaseUrl);
  await quiet();
  print(`${cpus().length} CPUs, load of the machine ${loadavg()[0]?.toFixed(1)} at the start`);
  const idle = await idleKb(system, chargers);
  const load = (count: number, version: '1.6' | '2.0.1', length = seconds) =>
    runLoad({
      url: system.ocppUrl,
      chargers: chargers.slice(0, count),
      version,
      seconds: length,
      pids: () => system.pids(),
      quiet,
    });
  print(tableHead());
  const show = (name: string, result: LoadResult) => {
    print(tableRow(name, result));
    return result;
  };
  const judged: LoadResult[] = [];
  const short = Math.min(seconds, 6);
  const few = chargers.slice(0, 50);
  show('floor: raw ws, canned answer', await floor(system, WORKSPACE_ROOT, few, false, short));
  show('floor: the same, committed by group', await floor(system, WORKSPACE_ROOT, few, true, short));
  // Compiled code and filled caches for all that follow, and sessions whose copies become the history.
  await load(50, '2.0.1', short);
  const withReadings = async (readings: number) => {
    const identities = few.map(({ identity }) => identity);
    const stored = (await storeHistory(databaseUrl, identities, readings)).toLocaleString('en');
    const runs: LoadResult[] = [];
    for (let run = 0; run < RUNS; run += 1)
      runs.push(show(`Kilowatch, 50 chargers, 2.0.1, ${stored} readings`, await load(50, '2.0.1')));
    const best = cheapest(runs);
    judged.push(best);
    return best;
  };
  const first = await withReadings(FEW_READINGS);
  const old = show('Kilowatch, 50 chargers, 1.6', await load(50, '1.6'));
  const wide = show('Kilowatch, 500 chargers, 2.0.1', await load(500, '2.0.1'));
  judged.push(old, wide);
  const verdicts = [
    judgeCost('50 chargers, 2.0.1', first, targets),
    judgeCost('50 chargers, 1.6', old, targets),
    judgeCost('500 chargers, 2.0.1', wide, targets),
  ];
  if (history > 0) {
    const late = await withReadings(history);
    const many = history.toLocaleString('en');
    verdicts.push(
      judgeCost(`50 chargers, 2.0.1, ${many} readings stored`, late, targets),
      judgeGrowth(`${FEW_READINGS.toLocaleString('en')} to ${many} readings stored`, first, late, targets),
    );
  }
  print();
  print('CPU-ms per message by process, 50 / 500 chargers');
  for (const [name, ms] of first.cpuMsPerMessage) {
    print(
      `  ${name.padEnd(18)} ${ms.toFixed(3).padStart(7)}  ${(wide.cpuMsPerMessage.get(name) ?? 0).toFixed(3).padStart(7)}`,
    );
  }
  print(`idle connection: ${idle} KB in the gateway`);
  return { verdicts, disturbed: disturbance(judged) };
}

runTool(main);
