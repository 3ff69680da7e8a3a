// `node tools/run.mjs <tool> [arguments]`: prepares, builds what is stale, runs tools/dist/<tool>/main.js in this process.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, buildPortal, root } from './build.mjs';
import { prepare } from './prepare.mjs';

// These make or check sources, so they must run when the rest does not compile; fuzz runs on the sources.
const NEEDS_LITTLE = {
  fuzz: ['tools'],
  generate: ['tools'],
  supergraph: ['libs/kernel', 'libs/contracts', 'libs/platform', 'tools'],
};
const NEEDS_PORTAL = new Set(['start']);

const [tool, ...args] = process.argv.slice(2);
if (!tool || !existsSync(path.join(root, 'tools/src', tool, 'main.ts'))) {
  const tools = readdirSync(path.join(root, 'tools/src')).filter((name) =>
    existsSync(path.join(root, 'tools/src', name, 'main.ts')),
  );
  console.error(
    `${tool ? `No tool "${tool}". ` : ''}Usage: node tools/run.mjs <${tools.join('|')}> [arguments]`,
  );
  process.exit(2);
}
prepare();
await build(NEEDS_LITTLE[tool]);
if (NEEDS_PORTAL.has(tool)) await buildPortal();

const main = path.join(root, 'tools/dist', tool, 'main.js');
process.argv = [process.argv[0], main, ...args];
process.setSourceMapsEnabled(true);
await import(pathToFileURL(main).href);
