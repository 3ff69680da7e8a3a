import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { WORKSPACE_ROOT } from '../workspace-root.js';
import type { Manifest } from './manifest.js';

export const CHART = path.join(WORKSPACE_ROOT, 'deploy/helm/kilowatch');
export const RELEASE = 'kw';
export const NAMESPACE = 'charging';

export interface HelmRun {
  readonly ok: boolean;
  readonly output: string;
  readonly errors: string;
}

/** One chart and the helm that reads it. */
export class Chart {
  constructor(private readonly helm: string) {}

  lint(valuesFile: string): HelmRun {
    return this.run('lint', CHART, '--strict', '-f', valuesFile);
  }

  /** @param settings `key=value`, as after --set */
  template(valuesFile: string, ...settings: string[]): HelmRun {
    const set = settings.flatMap((setting) => ['--set', setting]);
    return this.run('template', RELEASE, CHART, '-n', NAMESPACE, '-f', valuesFile, ...set);
  }

  private run(...args: string[]): HelmRun {
    const { status, stdout, stderr, error } = spawnSync(this.helm, args, {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      timeout: 60_000,
    });
    return { ok: status === 0, output: stdout, errors: error?.message ?? stderr.trim() };
  }
}

/** The documents helm printed. Throws when one is not YAML or has a key twice. */
export function manifestsIn(output: string): Manifest[] {
  return parseAllDocuments(output, { uniqueKeys: true }).flatMap((document) => {
    if (document.errors.length > 0) throw new Error(document.errors.map(String).join('\n'));
    const content = document.toJS() as Manifest | null;
    return content === null ? [] : [content];
  });
}
