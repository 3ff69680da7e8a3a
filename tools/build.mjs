// Builds src/** -> dist/** with swc, in this process, only what is stale: `node tools/build.mjs [project folder...]`.
// A dist file carries the modification time of its source, so "stale" means "the times differ". Files whose source is
// gone are removed. `nx build` calls the same script per project; `npm start` and friends skip Nx (tools/run.mjs).
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const WEB = 'apps/portal';
const NOT_SHIPPED = /\.(spec|itest|d)\.ts$/;
const ASSET = /\.(graphql|json|proto|csv|jsonl|sql|txt|html|css|svg)$/;
const STAMP = '.build-stamp';

/** Folders swc builds, relative to the root. */
export async function buildableProjects() {
  const found = [];
  for (const group of ['libs', 'apps']) {
    for (const name of (await readdir(path.join(root, group))).sort()) found.push(`${group}/${name}`);
  }
  found.push('tools');
  return found.filter((folder) => folder !== WEB && existsSync(path.join(root, folder, 'src')));
}

/** Builds the given folders (default: all) and returns how many files were written or removed. */
export async function build(folders) {
  const swcrc = readFileSync(path.join(root, '.swcrc'), 'utf8');
  const swcVersion = JSON.parse(
    readFileSync(path.join(root, 'node_modules/@swc/core/package.json'), 'utf8'),
  ).version;
  const stamp = createHash('sha256').update(swcrc).update(swcVersion).digest('hex');
  let changed = 0;
  for (const folder of folders ?? (await buildableProjects()))
    changed += await buildProject(folder, JSON.parse(swcrc), stamp);
  return changed;
}

async function buildProject(folder, swcOptions, stamp) {
  const src = path.join(root, folder, 'src');
  if (!existsSync(src)) return 0;
  const dist = path.join(root, folder, 'dist');
  const stampFile = path.join(dist, STAMP);
  const compilerChanged = !existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp;
  const wanted = new Set([STAMP]);
  const stale = [];
  for (const file of await filesBelow(src)) {
    const isCode = file.endsWith('.ts') && !NOT_SHIPPED.test(file);
    if (!isCode && !ASSET.test(file)) continue;
    const target = isCode ? file.replace(/\.ts$/, '.js') : file;
    wanted.add(target);
    if (isCode) wanted.add(`${target}.map`);
    const time = (await stat(path.join(src, file))).mtime;
    if (compilerChanged || (await timeOf(path.join(dist, target))) !== time.getTime())
      stale.push({ file, target, time, isCode });
  }
  for (const item of stale) await buildFile(src, dist, item, swcOptions);
  let removed = 0;
  for (const file of existsSync(dist) ? await filesBelow(dist) : []) {
    if (wanted.has(file) || file.endsWith('.tmp')) continue;
    await rm(path.join(dist, file), { force: true });
    removed += 1;
  }
  if (compilerChanged) await put(stampFile, stamp);
  return stale.length + removed;
}

async function buildFile(src, dist, { file, target, time, isCode }, swcOptions) {
  const source = path.join(src, file);
  const output = path.join(dist, target);
  if (!isCode) return put(output, await readFile(source), time);
  const { transform } = await import('@swc/core');
  const { $schema: _, ...options } = swcOptions;
  const { code, map } = await transform(await readFile(source, 'utf8'), {
    ...options,
    swcrc: false,
    configFile: false,
    filename: source,
    sourceFileName: path.relative(path.dirname(output), source),
  });
  if (map) await put(`${output}.map`, map, time);
  const link = map ? `\n//# sourceMappingURL=${path.basename(output)}.map\n` : '';
  await put(output, code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n') + link, time);
}

// Written beside and renamed: a process starting meanwhile never reads half a file.
async function put(file, content, time) {
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.${randomUUID()}.tmp`;
  await writeFile(temporary, content);
  if (time) await utimes(temporary, time, time);
  await rename(temporary, file);
}

// Whole milliseconds: utimes keeps no more than that on every file system.
async function timeOf(file) {
  return stat(file).then(
    (found) => found.mtime.getTime(),
    () => undefined,
  );
}

async function filesBelow(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((e) => e.isFile()).map((e) => path.relative(folder, path.join(e.parentPath, e.name)));
}

/** Builds the portal with vite when a source is newer than its dist. */
export async function buildPortal() {
  const portal = path.join(root, WEB);
  if (!existsSync(path.join(portal, 'vite.config.ts'))) return false;
  const sources = ['package.json', 'index.html', 'vite.config.ts'].map((file) => path.join(portal, file));
  for (const folder of ['src', 'public']) {
    const below = path.join(portal, folder);
    if (existsSync(below)) sources.push(...(await filesBelow(below)).map((file) => path.join(below, file)));
  }
  const built = (await timeOf(path.join(portal, 'dist/index.html'))) ?? 0;
  const times = await Promise.all(sources.map(timeOf));
  if (times.every((time) => (time ?? 0) <= built)) return false;
  const vite = path.join(root, 'node_modules/vite/bin/vite.js');
  const run = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: portal,
    stdio: 'inherit',
  });
  if (run.status !== 0) throw new Error('vite could not build the portal (see above)');
  return true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folders = process.argv.slice(2);
  const portal = folders.includes(WEB) || folders.length === 0;
  const rest = folders.filter((folder) => folder !== WEB);
  const changed =
    folders.length > 0 && rest.length === 0 ? 0 : await build(rest.length > 0 ? rest : undefined);
  const web = portal ? await buildPortal() : false;
  console.log(`built ${changed} file(s)${web ? ' and the portal' : ''}`);
}
