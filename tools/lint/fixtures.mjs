// Lints every file of tools/lint-fixtures and fails if one passes the rule it breaks.
// Header of a fixture: `// expect: <rule>`, `// message: <part of the message>` and, unless the file is linted where it
// lies (rules that need other files or types), `// lint-as: <path it pretends to have>`.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import config from '../../eslint.config.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const fixtures = path.join(root, 'tools/lint-fixtures');
const blocks = config.filter(({ name }) => name !== 'kilowatch/ignores');
const inPlace = new ESLint({ cwd: root, overrideConfigFile: true, baseConfig: blocks, ignore: false });
// A pretended file belongs to no TypeScript program, so rules with types are off for it.
const pretended = new ESLint({
  cwd: root,
  overrideConfigFile: true,
  baseConfig: [...blocks, { files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked }],
  ignore: false,
});

const failures = [];
let count = 0;
for (const name of readdirSync(fixtures, { recursive: true }).sort()) {
  if (!name.endsWith('.ts')) continue;
  const file = path.join(fixtures, name);
  const text = readFileSync(file, 'utf8');
  const header = (key) => new RegExp(`^// ${key}: (.*)$`, 'm').exec(text)?.[1];
  const rule = header('expect');
  if (!rule) continue;
  const as = header('lint-as');
  const [result] = as
    ? await pretended.lintText(text, { filePath: path.join(root, as) })
    : await inPlace.lintFiles([file]);
  count += 1;
  const found = result.messages.some((m) => m.ruleId === rule && m.message.includes(header('message') ?? ''));
  const others = result.messages.map((m) => `${m.ruleId}: ${m.message}`).join('; ') || 'nothing';
  if (!found) failures.push(`${name} should break ${rule}, ESLint says: ${others}`);
}
for (const failure of failures) console.error(failure);
if (count === 0) console.error('no fixtures found');
console.log(`${count - failures.length} of ${count} lint fixtures break their rule`);
process.exitCode = failures.length === 0 && count > 0 ? 0 : 1;
