import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { splitEnvironment, type KnownSettings } from '@kilowatch/platform';
import { SERVICES } from '../system/services.js';
import { WORKSPACE_ROOT } from '../workspace-root.js';
import type { Source } from './pod-environment.js';
import { settingProblems, startableOf } from './settings-check.js';

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

/** `compose.yaml` has a container for each service, `together.yaml` one for all. */
export function readCompose(name = 'compose.yaml'): Compose {
  const file = path.join(WORKSPACE_ROOT, 'deploy/compose', name);
  return parse(readFileSync(file, 'utf8'), { merge: true }) as Compose;
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

/** The settings of together.yaml, divided among the services as apps/together does and read by each one's loader. */
export async function togetherProblems({ services }: Compose): Promise<string[]> {
  const found = services['kilowatch'];
  if (!found) return ['together.yaml has no kilowatch'];
  const known = new Map<string, KnownSettings>();
  for (const { name } of SERVICES) {
    const startable = await startableOf(name);
    if (typeof startable === 'string') return [startable];
    known.set(name, startable.settings);
  }
  const environments = splitEnvironment(known, found.environment ?? {});
  const problems: string[] = [];
  for (const service of SERVICES) {
    const environment = environments.get(service.name) as Record<string, string>;
    problems.push(...(await settingProblems(service, composeEnvironment({ ...found, environment }))));
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
