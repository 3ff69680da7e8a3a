import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { SERVICES } from '../system/services.js';
import { WORKSPACE_ROOT } from '../workspace-root.js';
import type { Source } from './pod-environment.js';
import { settingProblems } from './settings-check.js';

export interface ComposeService {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
}

export interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

export const COMPOSE_FILE = path.join(WORKSPACE_ROOT, 'deploy/compose/compose.yaml');

export function readCompose(): Compose {
  return parse(readFileSync(COMPOSE_FILE, 'utf8'), { merge: true }) as Compose;
}

/** Each service of compose.yaml, read by its own configuration loader. */
export async function composeProblems({ services }: Compose): Promise<string[]> {
  const problems: string[] = [];
  for (const service of SERVICES) {
    const found = services[service.name];
    problems.push(
      ...(found
        ? await settingProblems(service, composeEnvironment(found))
        : [`compose.yaml has no ${service.name}`]),
    );
  }
  return problems;
}

function composeEnvironment({ environment = {}, secrets = [] }: ComposeService): Map<string, Source> {
  return new Map(
    Object.entries(environment).map(([name, value]): [string, Source] => {
      if (!name.endsWith('_FILE')) return [name, { from: 'text', text: value }];
      const secretKey = secrets.find((secret) => value === `/run/secrets/${secret}`);
      return [name.slice(0, -'_FILE'.length), { from: 'file', path: value, secretKey }];
    }),
  );
}
