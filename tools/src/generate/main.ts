// `npm run generate [-- --check | --baseline]`: proto/ -> libs/contracts/src (ts-proto through buf, then the index).
// --check writes nothing: it lints proto/, looks for breaking changes against proto/baseline.binpb and fails on any difference.
// --baseline makes the present proto/ the baseline (at a release).
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as prettier from 'prettier';
import { WORKSPACE_ROOT } from '../workspace-root.js';
import { contractsSources, type ProtoImage } from './contracts-index.js';

const CONTRACTS = path.join(WORKSPACE_ROOT, 'libs/contracts/src');
const BASELINE = path.join(WORKSPACE_ROOT, 'proto/baseline.binpb');

// The platform package carries the binary; the wrapper's install script may have been blocked.
function buf(...args: string[]): string {
  const wrapper = path.join(WORKSPACE_ROOT, 'node_modules/@bufbuild/buf/bin/buf');
  return execFileSync(process.execPath, [wrapper, ...args], {
    cwd: WORKSPACE_ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

// Lint and breaking report on stdout, which execFileSync keeps in the error.
function bufReport(...args: string[]): void {
  try {
    buf(...args);
  } catch (error) {
    throw new Error(`buf ${args[0]}:\n${(error as { stdout?: string }).stdout ?? String(error)}`);
  }
}

async function generated(): Promise<Map<string, string>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kilowatch-generate-'));
  try {
    buf('generate', '--output', folder);
    const image = JSON.parse(buf('build', '--as-file-descriptor-set', '-o', '-#format=json')) as ProtoImage;
    const files = new Map<string, string>();
    for (const [name, text] of readBelow(path.join(folder, 'libs/contracts/src')))
      files.set(name, withOurWire(name, text));
    const style = await prettier.resolveConfig(path.join(CONTRACTS, 'index.ts'));
    for (const [name, text] of contractsSources(image)) {
      files.set(name, await prettier.format(text, { ...style, parser: 'typescript' }));
    }
    return files;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Generated code reads and writes by libs/contracts/src/wire.ts; the generator has no option for it. */
function withOurWire(name: string, text: string): string {
  const toRoot = '../'.repeat(name.split('/').length - 1);
  const ours = text.replace('"@bufbuild/protobuf/wire"', `"${toRoot}wire.js"`);
  if (ours.includes('@bufbuild/protobuf'))
    throw new Error(`${name} uses more of @bufbuild/protobuf than its readers and writers`);
  return ours;
}

function readBelow(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  if (!existsSync(folder)) return files;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    files.set(path.relative(folder, file), readFileSync(file, 'utf8'));
  }
  return files;
}

function differences(wanted: Map<string, string>): { changed: string[]; gone: string[] } {
  const present = readBelow(CONTRACTS);
  const changed = [...wanted].filter(([name, text]) => present.get(name) !== text).map(([name]) => name);
  const gone = [...present.keys()].filter((name) => name.startsWith('generated/') && !wanted.has(name));
  return { changed, gone };
}

const mode = process.argv[2];
try {
  if (mode === '--baseline') {
    buf('build', '-o', BASELINE);
  } else if (mode === '--check') {
    bufReport('lint');
    if (existsSync(BASELINE)) bufReport('breaking', '--against', BASELINE);
    const { changed, gone } = differences(await generated());
    for (const name of [...changed, ...gone])
      console.error(`libs/contracts/src/${name} is not what proto/ says`);
    if (changed.length + gone.length > 0) throw new Error('run `npm run generate` and commit the result');
    console.log('contracts are current');
  } else {
    const wanted = await generated();
    const { changed, gone } = differences(wanted);
    for (const name of changed) {
      const file = path.join(CONTRACTS, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, wanted.get(name) ?? '');
    }
    for (const name of gone) rmSync(path.join(CONTRACTS, name));
    console.log(`contracts: ${changed.length} file(s) written, ${gone.length} removed`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
