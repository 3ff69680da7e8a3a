// `npm test` and `npm run check`: every step in order, real counts, one summary. Last line: `N passed, N failed`.
// A step that is not a vitest run counts as one. A crashed vitest run counts as one failure more than its tests.
// Where at most three files of the integration or system tests fail, those are run once more, alone: if all their tests pass
// then, they count as passed, and what had failed is listed as unsteady, to be mended.
// Options: --fast (the quick part: no integration, system or chart tests), --only=<step>[,<step>].
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, buildPortal, root } from './build.mjs';
import { prepare } from './prepare.mjs';

const bin = (file) => path.join(root, 'node_modules', file);
const node = (...args) => ({ args: args.map(String) });
const tool = (name, ...args) => node('tools/run.mjs', name, ...args);
const has = (file) => existsSync(path.join(root, file));

const STEPS = [
  { name: 'lock file', fast: true, ...node('tools/lockfile.mjs', '--check') },
  { name: 'hygiene', fast: true, ...node('tools/lint/hygiene.mjs') },
  { name: 'lint fixtures', fast: true, ...node('tools/lint/fixtures.mjs') },
  { name: 'lint', fast: true, ...node(bin('eslint/bin/eslint.js'), '.', '--max-warnings', 0) },
  {
    name: 'format',
    fast: true,
    ...node(bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'),
  },
  { name: 'types', fast: true, ...node(bin('typescript/bin/tsc'), '-p', 'tsconfig.json') },
  {
    name: 'portal types',
    fast: true,
    needs: 'apps/portal/tsconfig.json',
    ...node(bin('typescript/bin/tsc'), '-p', 'apps/portal', '--noEmit'),
  },
  { name: 'contracts', fast: true, ...tool('generate', '--check') },
  { name: 'supergraph', fast: true, ...tool('supergraph', '--check') },
  { name: 'unit', fast: true, vitest: 'unit' },
  {
    name: 'portal unit',
    fast: true,
    vitest: 'portal',
    needs: 'apps/portal/vitest.config.ts',
    cwd: 'apps/portal',
  },
  { name: 'helm', needs: 'tools/src/helm/main.ts', ...tool('helm') },
  { name: 'integration', vitest: 'integration', match: /\.itest\.ts$/ },
  { name: 'system', vitest: 'system', match: /\.e2e\.ts$/, built: true },
];

const options = process.argv.slice(2);
const fast = options.includes('--fast');
const only = options
  .find((option) => option.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',');
const rows = [];
const MAX_SECOND_LOOKS = 3;

for (const step of STEPS) {
  if (only ? !only.includes(step.name) : fast && !step.fast) continue;
  if (step.needs && !has(step.needs)) continue;
  console.log(`\n── ${step.name}`);
  const started = Date.now();
  const result = await run(step).catch((error) => ({
    passed: 0,
    failed: 1,
    note: String(error.message ?? error),
  }));
  rows.push({ name: step.name, seconds: (Date.now() - started) / 1000, ...result });
}
process.exitCode = summary() === 0 ? 0 : 1;

async function run(step) {
  prepare();
  if (step.vitest && step.match && !anyFile(['apps', 'libs', 'e2e'], step.match))
    return { passed: 0, failed: 0, note: 'no tests yet' };
  if (step.built) {
    await build();
    await buildPortal();
  }
  return step.vitest ? runVitest(step) : runCheck(step);
}

function runCheck({ args }) {
  const { status, signal } = start(args);
  return status === 0
    ? { passed: 1, failed: 0 }
    : { passed: 0, failed: 1, note: signal ? `killed by ${signal}` : undefined };
}

function runVitest(step) {
  const first = vitest(step);
  const files = first.files.filter(({ failures }) => failures.length > 0);
  if (!step.match || first.failed === 0 || files.length === 0 || files.length > MAX_SECOND_LOOKS)
    return first;
  const names = files.map(({ name }) => name);
  console.log(`\n── ${step.name}: a second look at ${names.join(', ')}`);
  const second = vitest(step, names);
  if (second.failed > 0)
    return { ...first, note: [first.note, 'fails alone too'].filter(Boolean).join(', ') };
  const passedBefore = files.reduce((sum, { passed }) => sum + passed, 0);
  return {
    passed: first.passed - passedBefore + second.passed,
    failed: 0,
    unsteady: first.failures,
    note: `${first.failed} unsteady: passed when run again`,
  };
}

function vitest(step, only = []) {
  const folder = mkdtempSync(path.join(tmpdir(), 'kilowatch-test-'));
  const report = path.join(folder, 'report.json');
  try {
    const project = step.cwd ? [] : ['--project', step.vitest];
    const args = [
      bin('vitest/vitest.mjs'),
      'run',
      ...project,
      ...only,
      '--passWithNoTests',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ];
    const { status } = start(args, step.cwd);
    if (!existsSync(report))
      return { passed: 0, failed: 1, files: [], failures: [], note: 'vitest wrote no report' };
    const found = JSON.parse(readFileSync(report, 'utf8'));
    const files = found.testResults.map(fileOf);
    // A file that does not load has no failed test of its own, and an unhandled error fails the run without one.
    const broken = files.filter(({ failures, failed }) => failures.length > 0 && failed === 0).length;
    const failed = found.numFailedTests + broken;
    const skipped = found.numPendingTests + found.numTodoTests;
    return {
      passed: found.numPassedTests,
      failed: failed === 0 && status !== 0 ? 1 : failed,
      files,
      failures: files.flatMap(({ failures }) => failures),
      note: [skipped > 0 && `${skipped} skipped`, failed === 0 && status !== 0 && 'the run itself failed']
        .filter(Boolean)
        .join(', '),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A file of the report, with what failed in it as lines for the end of the output: a log that keeps only its tail still tells. */
function fileOf({ name: file, status, message, assertionResults: tests }) {
  const name = path.relative(root, file);
  const failed = tests.filter((test) => test.status === 'failed');
  const failures = failed.map(
    (test) => `${name} > ${test.fullName}\n${firstLines(test.failureMessages.join('\n'))}`,
  );
  if (status === 'failed' && failed.length === 0) failures.push(`${name}: ${firstLines(message)}`);
  const passed = tests.filter((test) => test.status === 'passed').length;
  return { name, passed, failed: failed.length, failures };
}

function firstLines(text = '') {
  return text.split('\n', 12).join('\n');
}

function start(args, cwd = '.') {
  return spawnSync(process.execPath, args, { cwd: path.join(root, cwd), stdio: 'inherit' });
}

function anyFile(folders, match) {
  return folders.some((folder) =>
    readdirSync(path.join(root, folder), { recursive: true }).some(
      (file) => match.test(file) && !file.includes('node_modules'),
    ),
  );
}

function summary() {
  const width = Math.max(...rows.map(({ name }) => name.length), 4);
  console.log(`\n${'step'.padEnd(width)}  passed  failed   time`);
  for (const { name, passed, failed, seconds, note } of rows) {
    const counts = `${String(passed).padStart(6)}  ${String(failed).padStart(6)}  ${seconds.toFixed(0).padStart(4)}s`;
    console.log(`${name.padEnd(width)}  ${counts}${note ? `  ${note}` : ''}`);
  }
  for (const { unsteady = [] } of rows) for (const test of unsteady) console.log(`\n~ ${test}`);
  for (const { failures = [] } of rows) for (const failure of failures) console.log(`\n✗ ${failure}`);
  const total = (key) => rows.reduce((sum, row) => sum + row[key], 0);
  console.log(`\n${total('passed')} passed, ${total('failed')} failed`);
  return total('failed') + (rows.length === 0 ? 1 : 0);
}
