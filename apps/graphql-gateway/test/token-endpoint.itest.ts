import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from './gateway-harness.js';

// Real: the gateway, HTTP. Fake: auth (a tiny subgraph over HTTP that knows the client `fleet`).
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

const SECRET = 's:e%c+r t';
const FORM = 'application/x-www-form-urlencoded';
const FLEET = { client_id: 'fleet', client_secret: SECRET };

async function token(
  form: Record<string, string> | string,
  headers: Record<string, string> = {},
  method = 'POST',
): Promise<{ status: number; body: unknown; headers: Headers }> {
  const body = typeof form === 'string' ? form : new URLSearchParams(form).toString();
  const response = await fetch(`http://${gateway.host}/oauth/token`, {
    method,
    headers: { 'content-type': FORM, ...headers },
    ...(method === 'GET' ? {} : { body }),
  });
  return { status: response.status, body: await response.json(), headers: response.headers };
}
const basic = (id: string, secret: string) => {
  // RFC 6749, 2.3.1: form-encoded before Basic.
  const encoded = new URLSearchParams({ [id]: secret }).toString().replace('=', ':');
  return { authorization: `Basic ${Buffer.from(encoded).toString('base64')}` };
};
const grant = { grant_type: 'client_credentials' };

describe('the token endpoint', () => {
  it('answers as RFC 6749 says, and lets nobody keep the answer', async () => {
    const { status, body, headers } = await token({ ...grant, ...FLEET });
    expect([status, body]).toEqual([
      200,
      { access_token: 'a.b.c', token_type: 'Bearer', expires_in: 900, scope: 'sessions:read' },
    ]);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-type')).toContain('application/json');
  });

  it('takes the client from Basic too, whatever characters its secret has', async () => {
    expect((await token(grant, basic('fleet', SECRET))).status).toBe(200);
    expect((await token({ ...grant, scope: 'x' }, basic('fleet', SECRET))).body).toMatchObject({
      scope: 'x',
    });
  });

  it('tells auth where the client is, not what it says of that', async () => {
    gateway.subgraphs.seen.length = 0;
    await token(
      { ...grant, ...FLEET },
      { 'x-forwarded-for': '6.6.6.6', 'x-kilowatch-client-address': '6.6.6.6' },
    );
    expect(gateway.subgraphs.seen.map(({ headers }) => headers['x-kilowatch-client-address'])).toEqual([
      '127.0.0.1',
    ]);
  });

  it.each([
    ['a wrong secret', { ...grant, client_id: 'fleet', client_secret: 'x' }, {}, 401, 'invalid_client'],
    ['no client', grant, {}, 401, 'invalid_client'],
    ['Basic that is none', grant, { authorization: 'Basic !!' }, 401, 'invalid_client'],
    ['a person’s token', grant, { authorization: 'Bearer a.b.c' }, 401, 'invalid_client'],
    ['another grant', { grant_type: 'password', ...FLEET }, {}, 400, 'unsupported_grant_type'],
    ['no grant', FLEET, {}, 400, 'invalid_request'],
    [
      'a name given twice',
      'grant_type=client_credentials&grant_type=client_credentials',
      {},
      400,
      'invalid_request',
    ],
    ['credentials in two places', { ...grant, ...FLEET }, basic('fleet', SECRET), 400, 'invalid_request'],
    ['more than the client may', { ...grant, ...FLEET, scope: 'all' }, {}, 400, 'invalid_scope'],
    [
      'JSON',
      JSON.stringify({ ...grant, ...FLEET }),
      { 'content-type': 'application/json' },
      400,
      'invalid_request',
    ],
    ['a client that must wait', { ...grant, client_id: 'busy' }, {}, 429, 'temporarily_unavailable'],
    ['auth when it is away', { ...grant, client_id: 'down' }, {}, 503, 'temporarily_unavailable'],
  ])('refuses %s', async (_what, form, headers, status, error) => {
    const answer = await token(form, headers as Record<string, string>);
    expect([answer.status, answer.body]).toEqual([status, { error }]);
    if (status === 401) expect(answer.headers.get('www-authenticate')).toContain('Basic');
    if (status === 429) expect(answer.headers.get('retry-after')).toBe('17');
  });

  it('takes POST alone, and no flood', async () => {
    const get = await token('', {}, 'GET');
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
    const flood = await fetch(`http://${gateway.host}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': FORM },
      body: `grant_type=${'x'.repeat(9_000)}`,
    });
    expect(flood.status).toBe(413);
  });
});
