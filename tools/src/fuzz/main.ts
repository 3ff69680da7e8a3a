import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { runTool } from '../system/run-tool.js';
import { WORKSPACE_ROOT } from '../workspace-root.js';
import { fuzzOptionsFrom, HELP, TARGETS, type FuzzOptions, type Target } from './fuzz-options.js';

async function main(): Promise<number> {
  const options = fuzzOptionsFrom(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  for (const target of options.targets) {
    const code = await fuzz(target, options);
    if (code !== 0) return code;
  }
  return 0;
}

/** The properties are tests: vitest runs them from the sources, with more runs than a usual test has. */
async function fuzz(target: Target, { runs, seed }: FuzzOptions): Promise<number> {
  const { project, file, runs: usual } = TARGETS[target];
  process.stdout.write(`${target}: ${runs ?? usual} runs, seed ${seed}\n`);
  const vitest = join(WORKSPACE_ROOT, 'node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', '--project', project, file], {
    cwd: WORKSPACE_ROOT,
    stdio: 'inherit',
    env: { ...process.env, KW_FUZZ_RUNS: String(runs ?? usual), KW_FUZZ_SEED: String(seed) },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

runTool(main);
