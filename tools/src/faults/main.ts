import { randomInt } from 'node:crypto';
import { allDayTariff } from '../demo/price-judge.js';
import { seedDemo } from '../seed/seed-demo.js';
import { interruption } from '../system/interruption.js';
import { runTool } from '../system/run-tool.js';
import type { SystemOptions } from '../system/system-options.js';
import { withTemporarySystem } from '../system/temporary-system.js';
import type { Fault } from './fault.js';
import { faultOptions, FAULTS_HELP, type FaultOptions } from './options.js';
import { playFault, type Outcome } from './play-fault.js';
import { FAULTS } from './registry.js';
import { FAULT_SYSTEM, Stage } from './stage.js';

/** Seeds that can be typed in again. */
const SEEDS = 1_000_000;
const LINES_OF_A_FAILURE = 15;
const LINE_LENGTH = 300;

const print = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const options = faultOptions(process.argv.slice(2), randomInt(SEEDS));
  if (!options) {
    print(FAULTS_HELP);
    return process.argv.includes('--help') ? 0 : 2;
  }
  if (options.list) FAULTS.forEach((fault) => print(listLine(fault)));
  const signal = interruption();
  const outcomes: Outcome[] = [];
  for (let waiting = options.faults; waiting.length > 0;) {
    const [first] = waiting;
    const played = first?.open
      ? await opened(first, options, signal)
      : await onOneSystem(
          waiting.filter(({ system, open }) => !open && system === first?.system),
          first?.system,
          options,
          signal,
        );
    outcomes.push(...played);
    const done = new Set(played.map(({ name }) => name));
    waiting = waiting.filter(({ name }) => !done.has(name));
  }
  const failed = outcomes.filter(({ passed }) => !passed);
  if (options.faults.length > 0)
    print(
      `${outcomes.length - failed.length} passed, ${failed.length} failed${failed.map(({ name }) => ` ${name}`).join('')}`,
    );
  return failed.length === 0 ? 0 : 1;
}

async function opened(fault: Fault, options: FaultOptions, signal: AbortSignal): Promise<Outcome[]> {
  const { system, play, close } = await fault.open!();
  try {
    return await onOneSystem([{ ...fault, play }], { ...fault.system, ...system }, options, signal);
  } finally {
    await close();
  }
}

/** Plays them one after the other until one fails: what it left behind must not be blamed on the next. */
function onOneSystem(
  faults: readonly Fault[],
  over: Partial<SystemOptions> | undefined,
  options: FaultOptions,
  signal: AbortSignal,
): Promise<Outcome[]> {
  const system = { ...FAULT_SYSTEM, ...over };
  return withTemporarySystem({ name: 'faults', fsync: true, signal, over: system }, async (running, log) => {
    const people = await seedDemo(running.graphqlUrl, allDayTariff());
    const { seed, quick } = options;
    const stage = new Stage({ system: running, people, seed, quick, print });
    const outcomes: Outcome[] = [];
    try {
      for (const fault of faults) {
        const chargers = options.chargers ?? fault.chargers;
        print(`${fault.number} ${fault.name}: ${fault.what} (${chargers} chargers, seed ${seed})`);
        const outcome = await playFault(stage, fault, chargers);
        outcomes.push(outcome);
        outcome.lines.forEach((line) => print(`  ${line}`));
        print(`  ${outcome.passed ? 'PASS' : 'FAIL'} after ${outcome.seconds.toFixed(1)} s`);
        if (!outcome.passed) {
          log.slice(-LINES_OF_A_FAILURE).forEach((line) => print(`  | ${line.slice(0, LINE_LENGTH)}`));
          break;
        }
      }
    } finally {
      await stage.close();
    }
    return outcomes;
  });
}

function listLine({ number, name, what, promises, chargers }: Fault): string {
  return `${String(number).padStart(2)}  ${name.padEnd(24)} ${promises.join(' ').padEnd(12)} ${String(chargers).padStart(4)} chargers  ${what}`;
}

runTool(main);
