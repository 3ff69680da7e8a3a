import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from './gateway-harness.js';
import { Watcher } from './watcher.js';

// Real: the gateway over HTTP, files on disk.
let gateway: TestGateway;
const directory = mkdtempSync(join(tmpdir(), 'kilowatch-portal-'));

beforeAll(async () => {
  const root = join(directory, 'dist');
  mkdirSync(join(root, 'assets'), { recursive: true });
  writeFileSync(join(root, 'index.html'), '<!doctype html><title>portal</title>');
  writeFileSync(join(root, 'assets', 'app-1a2b3c.js'), 'export {};');
  writeFileSync(join(root, '.env'), 'SECRET=1');
  writeFileSync(join(directory, 'outside.txt'), 'outside');
  gateway = await startGateway({ KW_PORTAL_DIR: root });
});
afterAll(async () => {
  await gateway.close();
  rmSync(directory, { recursive: true });
});

const HTML = { headers: { accept: 'text/html' } };
const get = (path: string, init: RequestInit = HTML) => fetch(`http://${gateway.host}${path}`, init);

describe('the portal', () => {
  it.each(['/', '/sessions/42', '/invoices?page=2'])('answers %s with its index', async (path) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(await response.text()).toContain('<title>portal');
  });

  it('lets browsers keep files whose name has a hash', async () => {
    const response = await get('/assets/app-1a2b3c.js');
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(response.headers.get('content-type')).toContain('javascript');
  });

  it('runs nothing but its own code, in no frame', async () => {
    const { headers } = await get('/');
    const policy = headers.get('content-security-policy');
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain(`connect-src 'self' ws://${gateway.host} wss://${gateway.host};`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it.each([
    '/assets/missing.js',
    '/assets/',
    '/.env',
    '/../outside.txt',
    '/%2e%2e/outside.txt',
    '/..%2foutside.txt',
    '/assets/..%5c..%5coutside.txt',
    '/%00.txt',
  ])('does not give %s', async (path) => {
    // Not fetch: it would tidy the path up before sending it.
    const { status, body } = await rawGet(path);
    expect(body).not.toMatch(/outside|SECRET|app-1a2b3c/);
    if (!path.endsWith('/')) expect(status).toBeGreaterThanOrEqual(400);
  });
});

it('says how to build the portal when it is not there', async () => {
  const bare = await startGateway({ KW_PORTAL_DIR: join(directory, 'none') });
  try {
    const response = await fetch(`http://${bare.host}/`, HTML);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('npm run build');
  } finally {
    await bare.close();
  }
});

it('drains: sockets are told to come back, a request in flight gets its answer, then the port closes', async () => {
  const draining = await startGateway({ KW_SUBGRAPH_TIMEOUT_MS: '400' });
  const watcher = await (await Watcher.connect(draining.host, await draining.bearer())).ready();
  const inFlight = draining.ask('{ slow }');
  await waitFor('the request to arrive', () => draining.subgraphs.seen.length > 0);
  await draining.close();
  expect((await inFlight).errors?.[0]?.extensions).toMatchObject({ reason: 'SUBGRAPH_TIMEOUT' });
  await waitFor('the socket to close', () => watcher.closed);
  expect(watcher.closed?.code).toBe(1001);
  await expect(fetch(`http://${draining.host}/`)).rejects.toThrow();
});

function rawGet(path: string): Promise<{ status: number; body: string }> {
  const [host, port] = gateway.host.split(':');
  return new Promise((resolve, reject) => {
    const sent = request({ host, port, path, headers: { accept: '*/*' } }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on('error', reject).end();
  });
}
