import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { WORKSPACE_ROOT } from '../workspace-root.js';

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly exports?: Record<string, { readonly 'kilowatch-source': string }>;
}
const manifest = (folder: string) =>
  JSON.parse(readFileSync(path.join(WORKSPACE_ROOT, folder, 'package.json'), 'utf8')) as Manifest;
const shipped = new Set(Object.keys(manifest('.').dependencies ?? {}));

const IMPORT = /^(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;

/** Packages that a source file needs as soon as it is loaded, however deep; `import()` is not followed. */
function packagesOf(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  return [...readFileSync(file, 'utf8').matchAll(IMPORT)].flatMap(([, name = '']) => {
    if (name.startsWith('.')) return packagesOf(sourceOf(path.resolve(path.dirname(file), name)), seen);
    if (name.startsWith('@kilowatch/')) return packagesOf(ours(name), seen);
    const [scope, part] = name.split('/');
    return [name.startsWith('@') ? `${scope}/${part}` : (scope ?? name)];
  });
}

const sourceOf = (file: string) => file.replace(/\.js$/, '.ts');

function ours(name: string): string {
  const [, library = '', ...rest] = name.split('/');
  const folder = `libs/${library}`;
  const entry = manifest(folder).exports?.[rest.length === 0 ? '.' : `./${rest.join('/')}`];
  if (!entry) throw new Error(`${folder} does not export ${name}`);
  return path.join(WORKSPACE_ROOT, folder, entry['kilowatch-source']);
}

describe('a tool that is run in the image', () => {
  it.each(['migrate', 'dead-letters'])('needs packages that are shipped only: %s', (tool) => {
    const main = path.join(WORKSPACE_ROOT, 'tools/src', tool, 'main.ts');
    const needed = new Set(packagesOf(main));
    expect(needed).toContain('pg');
    const missing = [...needed].filter(
      (name) => !name.startsWith('node:') && !builtinModules.includes(name) && !shipped.has(name),
    );
    expect(missing).toEqual([]);
  });

  it('is not one that starts servers: the judge finds what is not shipped', () => {
    expect(existsSync(path.join(WORKSPACE_ROOT, 'tools/src/start/main.ts'))).toBe(true);
    const needed = packagesOf(path.join(WORKSPACE_ROOT, 'tools/src/start/main.ts'));
    expect(needed.filter((name) => !name.startsWith('node:') && !shipped.has(name))).toContain('smtp-server');
  });
});
