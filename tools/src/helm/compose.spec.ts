import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SERVICES } from '../system/services.js';
import { WORKSPACE_ROOT } from '../workspace-root.js';
import { readCompose } from './compose-check.js';

const compose = readCompose();
const together = readCompose('together.yaml');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kilowatch-compose-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function makeSecrets(): void {
  const script = path.join(WORKSPACE_ROOT, 'deploy/compose/make-secrets.mjs');
  expect(spawnSync(process.execPath, [script, folder], { encoding: 'utf8' }).stderr).toBe('');
}

const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');

describe('compose.yaml', () => {
  it('runs every service by its own entry', () => {
    for (const { name } of SERVICES) {
      expect(compose.services[name]?.command).toEqual([`apps/${name}/dist/main.js`]);
    }
  });

  it('names a version of every image', () => {
    for (const { image } of Object.values(compose.services)) expect(image).toMatch(/:(?!latest$)[\w.-]+$/);
  });

  it('mounts secrets that are declared, and declares none that nobody mounts', () => {
    const mounted = new Set(Object.values(compose.services).flatMap(({ secrets = [] }) => secrets));
    expect([...mounted].sort()).toEqual(Object.keys(compose.secrets).sort());
  });
});

describe('together.yaml', () => {
  it('runs all services by one entry, and mounts the secrets of all of them', () => {
    expect(together.services['kilowatch']?.command).toEqual(['apps/together/dist/main.js']);
    expect(together.secrets).toEqual(compose.secrets);
    const mounted = new Set(Object.values(together.services).flatMap(({ secrets = [] }) => secrets));
    // Postgres' own comes with the service it extends.
    expect([...mounted, 'postgres-password'].sort()).toEqual(Object.keys(compose.secrets).sort());
  });

  it('gives no port to two services', () => {
    const { environment = {} } = together.services['kilowatch'] ?? {};
    const ports = Object.entries(environment).filter(([name]) => name.endsWith('_PORT'));
    expect(ports.length).toBeGreaterThan(SERVICES.length);
    expect(new Set(ports.map(([, port]) => port)).size).toBe(ports.length);
  });
});

describe('make-secrets', () => {
  it('makes the files compose.yaml mounts', () => {
    makeSecrets();
    const wanted = Object.values(compose.secrets).map(({ file }) => path.basename(file));
    expect(readdirSync(folder).sort()).toEqual(wanted.sort());
  });

  it('gives each service the password the migration job gives its role', () => {
    makeSecrets();
    const passwords = JSON.parse(read('database-passwords')) as Record<string, string>;
    for (const { name } of SERVICES.filter(({ database }) => database)) {
      const url = new URL(read(`${name}-database-url`));
      const schema = name.replaceAll('-', '_');
      expect([url.username, url.password]).toEqual([`kw_${schema}`, passwords[schema]]);
    }
    expect(new URL(read('admin-database-url')).password).toBe(read('postgres-password'));
  });

  it('keeps what is there: the database knows the old passwords', () => {
    makeSecrets();
    const before = readdirSync(folder).map(read);
    makeSecrets();
    expect(readdirSync(folder).map(read)).toEqual(before);
  });
});
