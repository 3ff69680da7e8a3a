// `node tools/lockfile.mjs [--check]`: adds the optional packages of other platforms that npm left out of package-lock.json.
// npm omits an optional package its registry does not offer, and `npm ci` then rejects the file ("Missing: ... from lock file").
// Run after every change of the lock file.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const CPUS = [
  'x64',
  'x86',
  'ia32',
  'arm64',
  'aarch64',
  'arm',
  'armv7',
  'ppc64',
  'ppc64le',
  's390x',
  'riscv64',
  'loong64',
  'wasm32',
];
const OSES = [
  'darwin',
  'linux',
  'win32',
  'freebsd',
  'openbsd',
  'netbsd',
  'sunos',
  'android',
  'openharmony',
  'aix',
];
const CPU_NAMES = { aarch64: 'arm64', armv7: 'arm', x86: 'ia32', ppc64le: 'ppc64' };

/** Adds what is missing to `lock` (a parsed package-lock.json) and returns the names added. */
export function completeLock(lock) {
  const added = [];
  for (const [where, entry] of Object.entries(lock.packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      if (resolves(lock, where, name)) continue;
      if (!/^\d+\.\d+\.\d+[\w.+-]*$/.test(range)) {
        throw new Error(
          `${where} wants ${name}@${range}: only exact versions can be added, install it by hand`,
        );
      }
      lock.packages[`node_modules/${name}`] = {
        version: range,
        ...(entry.dev || entry.devOptional ? { dev: true } : {}),
        optional: true,
        ...platformOf(name),
      };
      added.push(`${name}@${range}`);
    }
  }
  if (added.length > 0) lock.packages = sorted(lock.packages);
  return added;
}

// As Node resolves: beside the package, then in every folder above.
function resolves(lock, where, name) {
  for (let folder = where; ;) {
    if (lock.packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]) return true;
    if (!folder) return false;
    const cut = folder.lastIndexOf('/node_modules/');
    folder = cut < 0 ? '' : folder.slice(0, cut);
  }
}

// The names say for which platform they are ("@swc/core-linux-arm-gnueabihf").
function platformOf(name) {
  const words = name.split(/[/-]/);
  const os = words.find((word) => OSES.includes(word));
  const cpu = words.find((word) => CPUS.includes(word));
  if (!os && !cpu) throw new Error(`cannot tell the platform of ${name}`);
  const libc = words.includes('musl')
    ? ['musl']
    : words.includes('gnu') && os === 'linux'
      ? ['glibc']
      : undefined;
  return {
    ...(os ? { os: [os] } : {}),
    ...(cpu ? { cpu: [CPU_NAMES[cpu] ?? cpu] } : {}),
    ...(libc ? { libc } : {}),
  };
}

const sorted = (packages) =>
  Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en')));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = path.join(root, 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const added = completeLock(lock);
  if (process.argv.includes('--check')) {
    for (const name of added) console.error(`package-lock.json lacks ${name}`);
    if (added.length > 0) console.error('run `node tools/lockfile.mjs`');
    process.exitCode = added.length > 0 ? 1 : 0;
  } else {
    if (added.length > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
    console.log(`lock file: ${added.length} optional package(s) added`);
  }
}
