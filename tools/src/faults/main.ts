import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemOptionsFrom } from '../system/command-line.js';
import { runTool } from '../system/run-tool.js';
import { startSystem } from '../system/start-system.js';
import { faultSmoke, TARGETS } from './smoke.js';

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
  const dataDir = mkdtempSync(join(tmpdir(), 'kilowatch-faults-'));
  const log: string[] = [];
  const options = systemOptionsFrom(
    ['--data-dir', dataDir, '--log-level', 'warn'],
    { ports: 'any', dataDir, fsync: true },
    (service, line) => log.push(`${service}: ${line}`),
  );
  const system = await startSystem({ ...options, restart: false, lateWindowSeconds: 3 });
  try {
    const outcomes = await faultSmoke(system, targets.length > 0 ? targets : TARGETS, (outcome) => {
      const verdict =
        outcome.problems.length === 0
          ? 'same energy, one invoice each, quiet after'
          : outcome.problems.join('; ');
      process.stdout.write(
        `kill -9 ${outcome.target.padEnd(16)} ${outcome.seconds.toFixed(1).padStart(5)} s  ${verdict}\n`,
      );
    });
    const failed = outcomes.filter((outcome) => outcome.problems.length > 0);
    if (failed.length > 0) log.slice(-30).forEach((line) => process.stdout.write(`${line}\n`));
    process.stdout.write(`${outcomes.length - failed.length} passed, ${failed.length} failed\n`);
    return failed.length === 0 ? 0 : 1;
  } finally {
    await system.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

runTool(main);
