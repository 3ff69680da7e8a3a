import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from './gateway-harness.js';

// Real: the gateway, HTTP, tokens, NATS. Fake: the subgraphs (tiny, over HTTP).
const HEADER = 'x-kilowatch-client-address';
const QUERY = { method: 'POST', body: JSON.stringify({ query: '{ me }' }) };
const forwarded = { 'x-forwarded-for': '6.6.6.6, 198.51.100.7', [HEADER]: '6.6.6.6' };

describe.each([
  ['no proxy is in front: the socket’s, whatever the client writes', '0', '127.0.0.1'],
  ['one proxy is in front: the one it saw', '1', '198.51.100.7'],
  ['two proxies are in front: the one the outer one saw', '2', '6.6.6.6'],
])('the address subgraphs are told of a client when %s', (_what, hops, address) => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway({ KW_PUBLIC_FORWARDED_HOPS: hops });
  });
  afterAll(() => gateway.close());
  beforeEach(() => void (gateway.subgraphs.seen.length = 0));

  it('is told with every step', async () => {
    const headers = { 'content-type': 'application/json', ...forwarded };
    expect((await gateway.send({ ...QUERY, headers })).status).toBe(200);
    expect(gateway.subgraphs.seen.map((seen) => seen.headers[HEADER])).toEqual([address]);
    expect(gateway.subgraphs.seen[0]?.headers).not.toHaveProperty('x-forwarded-for');
  });

  it('is the socket’s without the header', async () => {
    const headers = { 'content-type': 'application/json' };
    await gateway.send({ ...QUERY, headers });
    expect(gateway.subgraphs.seen[0]?.headers[HEADER]).toBe('127.0.0.1');
  });
});
