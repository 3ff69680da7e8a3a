import { interruption } from '../system/interruption.js';
import { runTool } from '../system/run-tool.js';
import { withTemporarySystem } from '../system/temporary-system.js';
import { faultSmoke, TARGETS, type FaultOutcome } from './smoke.js';

const HELP = `Usage: npm run faults -- smoke [TARGET...]
Kills (-9) each service, Postgres and NATS in turn in mid-session and audits the books against the chargers' own ledgers;
afterwards every outbox must be empty and no event set aside.
Targets: ${TARGETS.join(', ')}`;

async function main(): Promise<number> {
  const [mode, ...targets] = process.argv.slice(2);
  const unknown = targets.filter((target) => !TARGETS.includes(target));
  if (mode !== 'smoke' || unknown.length > 0) {
    process.stdout.write(`${unknown.length > 0 ? `unknown target ${unknown.join(', ')}\n` : ''}${HELP}\n`);
    return mode === '--help' ? 0 : 2;
  }
  const over = { restart: false, lateWindowSeconds: 3 };
  const temporary = { name: 'faults', fsync: true, signal: interruption(), over };
  return withTemporarySystem(temporary, async (system, log) => {
    const outcomes = await faultSmoke(system, targets.length > 0 ? targets : TARGETS, report);
    const failed = outcomes.filter((outcome) => outcome.problems.length > 0);
    if (failed.length > 0) log.slice(-30).forEach((line) => process.stdout.write(`${line}\n`));
    process.stdout.write(`${outcomes.length - failed.length} passed, ${failed.length} failed\n`);
    return failed.length === 0 ? 0 : 1;
  });
}

function report({ target, seconds, problems }: FaultOutcome): void {
  const verdict =
    problems.length === 0 ? 'same energy, same bill, one invoice each, quiet after' : problems.join('; ');
  process.stdout.write(`kill -9 ${target.padEnd(16)} ${seconds.toFixed(1).padStart(5)} s  ${verdict}\n`);
}

runTool(main);
