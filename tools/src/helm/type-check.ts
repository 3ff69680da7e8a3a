import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { WORKSPACE_ROOT } from '../workspace-root.js';
import { CUSTOM_RESOURCES } from './crd-models.js';
import { nameOf, type Manifest } from './manifest.js';

const FOLDER = path.join(WORKSPACE_ROOT, '.kilowatch/helm-check');
const OPTIONS = {
  module: 'preserve',
  moduleResolution: 'bundler',
  target: 'ES2023',
  lib: ['ES2023'],
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
};

/**
 * Type-checks each document as `satisfies` its kind: the run-time schemas of kubernetes-models let a misspelt field pass,
 * the compiler's check for excess properties does not. Returns the compiler's complaints.
 */
export function typeProblems(renderings: Readonly<Record<string, readonly Manifest[]>>): string[] {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const files = Object.entries(renderings).map(([name, manifests]) => {
    const file = `${name}.ts`;
    writeFileSync(path.join(FOLDER, file), typedSource(manifests));
    return file;
  });
  writeFileSync(path.join(FOLDER, 'proof.ts'), PROOF);
  writeFileSync(
    path.join(FOLDER, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: OPTIONS, files: [...files, 'proof.ts'] }),
  );
  const tsc = path.join(WORKSPACE_ROOT, 'node_modules/typescript/bin/tsc');
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', FOLDER, '--pretty', 'false'], {
    cwd: FOLDER,
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  });
  return status === 0 ? [] : (stdout + stderr).trim().split('\n');
}

/** A TypeScript module with one typed constant per document. */
export function typedSource(manifests: readonly Manifest[]): string {
  const lines = manifests.flatMap((manifest, i) => {
    const { specifier, type } = typeOf(manifest);
    return [
      `import type { ${type} as T${i} } from '${specifier}';`,
      `/* ${nameOf(manifest)} */ export const d${i} = ${JSON.stringify(manifest, null, 2)} satisfies T${i};`,
    ];
  });
  return `${lines.join('\n')}\n`;
}

function typeOf({ apiVersion, kind }: Manifest): { specifier: string; type: string } {
  return `${apiVersion}/${kind}` in CUSTOM_RESOURCES
    ? { specifier: '../../tools/src/helm/crd-models.js', type: kind }
    : { specifier: `kubernetes-models/${apiVersion}`, type: `I${kind}` };
}

// The check proves itself: were a misspelt field to pass, the unused directive would be the error.
const PROOF = `import type { IService } from 'kubernetes-models/v1';
export const misspelt = {
  apiVersion: 'v1',
  kind: 'Service',
  // @ts-expect-error a misspelt field is found
  spec: { selektor: {} },
} satisfies IService;
`;
