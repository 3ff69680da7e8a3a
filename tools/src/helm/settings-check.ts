import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Secret } from '@kilowatch/kernel';
import type { Startable } from '@kilowatch/platform';
import { environmentOf } from '../system/environment.js';
import { SERVICES, type ServiceSpec } from '../system/services.js';
import { DEFAULT_PORTS } from '../system/system-options.js';
import { WORKSPACE_ROOT } from '../workspace-root.js';
import { componentOf, deploymentSpec, ofKind, type Manifest } from './manifest.js';
import { environmentOfPod, type Source } from './pod-environment.js';

/** The repository inside the image. */
const IMAGE_ROOT = '/app';
/** What the launcher sets for a developer's machine only, or only on wish. */
const LOCAL_ONLY = new Set([
  'KW_EXIT_ON_STDIN_CLOSE',
  'KW_EGRESS_ALLOW',
  'KW_BOOTSTRAP_ADMIN_EMAIL',
  'KW_BOOTSTRAP_ADMIN_PASSWORD',
  'KW_STATION_CERTIFICATES',
]);

/** Each Deployment's environment, read by the service's own configuration loader. */
export async function deploymentSettings(manifests: readonly Manifest[]): Promise<string[]> {
  const problems: string[] = [];
  for (const service of SERVICES) {
    const found = ofKind(manifests, 'Deployment').find((manifest) => componentOf(manifest) === service.name);
    if (!found) problems.push(`${service.name} has no Deployment`);
    else {
      const sources = environmentOfPod(manifests, deploymentSpec(found).template.spec);
      problems.push(...(await settingProblems(service, sources)));
    }
  }
  return problems;
}

/**
 * What is wrong with the environment of one service: the loader refuses it (a setting is missing, unknown or malformed), a
 * secret does not come from a mounted Secret, or something `npm start` sets is not set.
 */
export async function settingProblems(
  service: ServiceSpec,
  sources: ReadonlyMap<string, Source>,
): Promise<string[]> {
  const startable = await startableOf(service.name);
  if (typeof startable === 'string') return [startable];
  const folder = mkdtempSync(path.join(tmpdir(), 'kilowatch-settings-'));
  try {
    const { config } = startable.configured(readable(sources, folder));
    const open = Object.entries(config).filter(
      ([name, value]) => value instanceof Secret && !fromSecret(sources.get(name)),
    );
    return [
      ...open.map(([name]) => `${service.name}: ${name} does not come from a mounted secret`),
      ...missing(service, sources),
    ];
  } catch (error) {
    return [`${service.name}: ${(error as Error).message}`];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function fromSecret(source: Source | undefined): boolean {
  return source?.from === 'file' && source.secretKey !== undefined;
}

/** The environment as the loader could read it here: secrets get a value of their form. */
function readable(sources: ReadonlyMap<string, Source>, folder: string): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, source] of sources) {
    if (source.from === 'text') env[name] = source.text;
    else if (source.from === 'pod') env[name] = 'pod-1';
    else if (source.secretKey === undefined) {
      env[`${name}_FILE`] = source.path.replace(IMAGE_ROOT, WORKSPACE_ROOT);
    } else {
      const file = path.join(folder, source.secretKey);
      writeFileSync(file, sampleOf(name));
      env[`${name}_FILE`] = file;
    }
  }
  return env;
}

function sampleOf(name: string): string {
  if (name === 'KW_DATABASE_URL') return 'postgres://role:password@postgres:5432/kilowatch';
  if (name === 'KW_NATS_URL') return 'nats://user:password@nats:4222';
  if (name === 'KW_SMTP_URL') return 'smtp://user:password@mail:587';
  if (name !== 'KW_AUTH_SIGNING_KEY') return randomBytes(32).toString('base64');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function missing(service: ServiceSpec, sources: ReadonlyMap<string, Source>): string[] {
  return Object.keys(launcherEnvironment(service))
    .filter((name) => name.startsWith('KW_') && !LOCAL_ONLY.has(name))
    .map((name) => name.replace(/_FILE$/, ''))
    .filter((name) => !sources.has(name))
    .map((name) => `${service.name}: ${name} is set by npm start and not here`);
}

function launcherEnvironment(service: ServiceSpec): Record<string, string> {
  const ports = Object.fromEntries(SERVICES.map(({ name }) => [name, 1]));
  return environmentOf(
    service,
    {
      databaseUrl: 'postgres://localhost/kilowatch',
      natsUrl: 'nats://localhost',
      smtpUrl: 'smtp://localhost',
      ports: DEFAULT_PORTS,
      http: ports,
      grpc: ports,
    },
    { serviceSecret: 's', signingKeyPem: 's', tokenKey: 's', ocpiTokenKey: 's', databasePassword: 's' },
    {
      root: WORKSPACE_ROOT,
      dataDir: '',
      ports: DEFAULT_PORTS,
      fsync: true,
      logLevel: 'info',
      onLog: () => undefined,
      restart: false,
    },
  );
}

/** What a service says of itself to whoever starts it, or why it cannot be started. */
export async function startableOf(service: string): Promise<Startable | string> {
  const dist = path.join(WORKSPACE_ROOT, 'apps', service, 'dist');
  if (!existsSync(path.join(dist, 'main.js')))
    return `${service}: there is no apps/${service}/dist/main.js to run`;
  const file = pathToFileURL(path.join(dist, 'service.js')).href;
  return ((await import(file)) as { service: Startable }).service;
}
