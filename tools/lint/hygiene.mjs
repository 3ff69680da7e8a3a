// What ESLint cannot see: untagged projects, tests skipped without an issue, file names that say nothing.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readProjects } from './boundaries.mjs';

const SKIPPED = /\b(it|test|describe|suite)(\.\w+)*\.(skip|todo|fails)\b|\bx(it|describe)\(/;
const ISSUE = /#\d+|issue \d+/i;
const NAMELESS = /^(utils?|helpers?|misc)\.(ts|tsx|mjs)$/;
const KEBAB = /^[a-z0-9]+([-.][a-z0-9]+)*\.(ts|tsx|mjs)$/;
// TypeORM orders migrations by the number in front, so those start with a digit, which KEBAB allows too.
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
  for (const group of ['apps', 'libs', 'tools', 'e2e']) {
    for (const file of sourceFiles(path.join(root, group))) {
      const name = path.basename(file);
      const where = path.relative(root, file);
      if (NAMELESS.test(name)) problems.push(`${where}: a file is named after the thing in it`);
      else if (!KEBAB.test(name)) problems.push(`${where}: file names are kebab-case`);
      if (/\.(spec|itest|e2e)\.tsx?$/.test(name)) {
        problems.push(
          ...skippedWithoutIssue(readFileSync(file, 'utf8')).map((problem) => `${where}: ${problem}`),
        );
      }
    }
  }
  return problems;
}

// The rules prove themselves before they judge: one violation each.
function selfTest() {
  const bad = skippedWithoutIssue("it.skip('waits', () => undefined);").length === 1;
  const good = skippedWithoutIssue("// issue 7\nit.skip('waits', () => undefined);").length === 0;
  return bad && good && NAMELESS.test('utils.ts') && !KEBAB.test('BadName.ts')
    ? []
    : ['the hygiene rules do not work'];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
  const problems = [...selfTest(), ...check(root)];
  for (const problem of problems) console.error(problem);
  console.log(
    problems.length === 0
      ? 'every project tagged, every file named, no test skipped silently'
      : `${problems.length} problem(s)`,
  );
  process.exitCode = problems.length === 0 ? 0 : 1;
}
