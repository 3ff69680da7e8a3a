// What ESLint cannot see: untagged projects, tests skipped without an issue, file names that say nothing, metrics and spans
// that are declared and never used, quirks of chargers without a test.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readProjects } from './boundaries.mjs';
import { quirkProblems, quirkSelfTest } from './quirks.mjs';

const SKIPPED = /\b(it|test|describe|suite)(\.\w+)*\.(skip|todo|fails)\b|\bx(it|describe)\(/;
const ISSUE = /#\d+|issue \d+/i;
const TEST_FILE = /\.(spec|itest|e2e)\.tsx?$/;
const NAMELESS = /^(utils?|helpers?|misc)\.(ts|tsx|mjs)$/;
const KEBAB = /^[a-z0-9]+([-.][a-z0-9]+)*\.(ts|tsx|mjs)$/;
// Migration files start with their number, which KEBAB allows. It is for the reader: TypeORM orders migrations by the 13
// digits at the end of the class name.
const LEFT_OUT = new Set([
  'node_modules',
  'dist',
  '.nx',
  '.kilowatch',
  'generated',
  'lint-fixtures',
  'coverage',
]);

/** Problems of one test file: skipped tests whose line, or the one above, names no issue. */
export function skippedWithoutIssue(text) {
  const lines = text.split('\n');
  return lines.flatMap((line, i) => {
    const isComment = /^\s*(\/\/|\*)/.test(line);
    if (isComment || !SKIPPED.test(line) || ISSUE.test(`${lines[i - 1] ?? ''}\n${line}`)) return [];
    return [`line ${i + 1}: a skipped test names the issue it waits for`];
  });
}

/** Names in the registry of metrics and spans that no product code mentions. */
export function unusedNames(registry, sources) {
  const names = [...registry.matchAll(/^ {2}(?:'([a-z.-]+)',|(kw_[a-z_]+):)/gm)].map(
    ([, span, metric]) => span ?? metric,
  );
  return names.filter((name) => !sources.some((text) => text.includes(`'${name}'`)));
}

function* sourceFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (LEFT_OUT.has(entry.name)) continue;
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* sourceFiles(file);
    else if (/\.(ts|tsx|mjs)$/.test(entry.name)) yield file;
  }
}

function check(root) {
  const problems = readProjects(root).flatMap(({ folder, problem }) =>
    problem ? [`${folder} ${problem}`] : [],
  );
  const tests = [];
  for (const group of ['apps', 'libs', 'tools', 'e2e']) {
    for (const file of sourceFiles(path.join(root, group))) {
      const name = path.basename(file);
      const where = path.relative(root, file);
      if (NAMELESS.test(name)) problems.push(`${where}: a file is named after the thing in it`);
      else if (!KEBAB.test(name)) problems.push(`${where}: file names are kebab-case`);
      if (TEST_FILE.test(name)) {
        const text = readFileSync(file, 'utf8');
        tests.push(text);
        problems.push(...skippedWithoutIssue(text).map((problem) => `${where}: ${problem}`));
      }
    }
  }
  const notes = readFileSync(path.join(root, 'docs/ocpp-notes.md'), 'utf8');
  return [...problems, ...quirkProblems(notes, tests), ...unusedDeclarations(root)];
}

function unusedDeclarations(root) {
  const where = 'libs/platform/src/trace/registry.ts';
  const sources = ['apps', 'libs']
    .flatMap((group) => [...sourceFiles(path.join(root, group))])
    .filter((file) => !/\.(spec|itest)\.tsx?$/.test(file) && !file.endsWith(where))
    .map((file) => readFileSync(file, 'utf8'));
  return unusedNames(readFileSync(path.join(root, where), 'utf8'), sources).map(
    (name) => `${where}: nothing uses ${name}`,
  );
}

// The rules prove themselves before they judge: one violation each.
function selfTest() {
  const bad = skippedWithoutIssue("it.skip('waits', () => undefined);").length === 1;
  const good = skippedWithoutIssue("// issue 7\nit.skip('waits', () => undefined);").length === 0;
  const registry = "  kw_used: {\n  kw_unused: {\n  'span.used',\n  'span.unused',\n";
  const unused = unusedNames(registry, ["counter('kw_used')", "withSpan('span.used')"]).join();
  return bad &&
    good &&
    unused === 'kw_unused,span.unused' &&
    NAMELESS.test('utils.ts') &&
    !KEBAB.test('BadName.ts')
    ? []
    : ['the hygiene rules do not work'];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
  const problems = [...selfTest(), ...quirkSelfTest(), ...check(root)];
  for (const problem of problems) console.error(problem);
  console.log(
    problems.length === 0
      ? 'every project tagged, every file named, no test skipped silently, every metric used, every quirk tested'
      : `${problems.length} problem(s)`,
  );
  process.exitCode = problems.length === 0 ? 0 : 1;
}
