import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { EgressPolicy } from './egress-policy.js';
import { guardedFetch, type GuardedFetchOptions } from './guarded-fetch.js';

const LOOPBACK = EgressPolicy.parse('127.0.0.0/8');
const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<{ port: number; url: string }> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}` };
}

const inside = (options: Partial<GuardedFetchOptions> = {}): GuardedFetchOptions => ({
  hosts: 'any-public',
  egress: LOOPBACK,
  ...options,
});

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('guardedFetch', () => {
  it('sends method, headers and body and gives back status, headers and body', async () => {
    const { url } = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        response.statusCode = 201;
        response.setHeader('x-seen', `${request.method} ${String(request.headers['x-a'])}`);
        response.end(JSON.stringify({ body }));
      });
    });
    const response = await guardedFetch(
      `${url}/p`,
      inside({ method: 'POST', headers: { 'x-a': '1' }, body: 'hällo' }),
    );
    expect([response.status, response.headers['x-seen'], response.json()]).toEqual([
      201,
      'POST 1',
      { body: 'hällo' },
    ]);
  });

  it.each([
    'https://127.0.0.1/', 'https://2130706433/', 'https://0x7f.1/', 'https://[::1]/', 'https://[::ffff:169.254.169.254]/',
    'http://8.8.8.8/', 'https://localhost/', 'https://10.0.0.1:8443/',
  ])('refuses %s when nothing is configured', async (url) => {
    await expect(guardedFetch(url, { hosts: 'any-public' })).rejects.toMatchObject({ kind: 'FORBIDDEN', code: 'EGRESS_REFUSED' });
  }); // prettier-ignore

  it('leads a host that is open for http to no private address, whatever its DNS says now or later', async () => {
    let reached = 0;
    const { port } = await serve((_request, response) => {
      reached += 1;
      response.end('inside');
    });
    const egress = EgressPolicy.parse('ocsp.example.com');
    const url = `http://ocsp.example.com:${port}/`;
    const inside = { address: '127.0.0.1', family: 4 };
    const outside = { address: '203.0.114.1', family: 4 };
    let asked = 0;
    for (const answers of [[[inside]], [[outside, inside]], [[{ address: '::ffff:127.0.0.1', family: 6 }]]])
      await expect(
        guardedFetch(url, { hosts: ['ocsp.example.com'], egress, resolve: async () => answers[0]! }),
      ).rejects.toMatchObject({ code: 'EGRESS_REFUSED' });
    // Rebinding: public when it is judged, private when it is connected to. It is asked once, and connected to what was judged.
    const rebinding = async () => [asked++ === 0 ? outside : inside];
    await expect(
      guardedFetch(url, { hosts: ['ocsp.example.com'], egress, resolve: rebinding, timeoutMs: 300 }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/EGRESS_(TIMEOUT|UNREACHABLE)/) as string });
    expect([asked, reached]).toEqual([1, 0]);
    const named = EgressPolicy.parse('private:ocsp.example.com');
    const answer = await guardedFetch(url, {
      hosts: ['ocsp.example.com'],
      egress: named,
      resolve: async () => [inside],
    });
    expect(answer.text()).toBe('inside');
  });

  it.each(['', 'nonsense', 'ftp://example.com/', 'file:///etc/passwd', 'https://user:pw@example.com/'])(
    'refuses what is no plain web address: "%s"',
    async (url) => {
      await expect(guardedFetch(url, inside())).rejects.toMatchObject({ kind: 'INVALID' });
    },
  );

  it('gives back that nothing changed, which leads nowhere, and refuses every other redirect', async () => {
    let status = 304;
    const { url } = await serve((_request, response) => {
      response.writeHead(status, { etag: '"1"', location: 'http://10.0.0.1/' });
      response.end();
    });
    const answer = await guardedFetch(url, inside({ headers: { 'if-none-match': '"1"' } }));
    expect([answer.status, answer.text()]).toEqual([304, '']);
    for (status of [300, 301, 302, 303, 305, 307, 308])
      await expect(guardedFetch(url, inside())).rejects.toMatchObject({ code: 'EGRESS_REDIRECT' });
  });

  it('refuses a host that is not on the list of the caller', async () => {
    const { url } = await serve((_request, response) => response.end('reached'));
    await expect(guardedFetch(url, inside({ hosts: ['partner.example'] }))).rejects.toMatchObject({
      kind: 'FORBIDDEN',
    });
  });

  it('refuses a name that has one private address among public ones', async () => {
    const resolve = async () => [
      { address: '93.184.216.34', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    await expect(
      guardedFetch('https://partner.example/', { hosts: ['partner.example'], resolve }),
    ).rejects.toMatchObject({
      code: 'EGRESS_REFUSED',
    });
  });

  it('connects to the address it judged although the name would resolve differently the second time', async () => {
    const { port } = await serve((request, response) => response.end(request.headers.host));
    let asked = 0;
    const resolve = async () => {
      asked++;
      return [{ address: asked === 1 ? '127.0.0.1' : '127.0.0.99', family: 4 }];
    };
    const response = await guardedFetch(`http://rebinding.example:${port}/`, inside({ resolve }));
    expect([response.text(), asked]).toEqual([`rebinding.example:${port}`, 1]);
  });

  it.each([301, 302, 303, 307, 308])('does not follow a %i', async (status) => {
    let reached = false;
    const { url } = await serve((request, response) => {
      reached ||= request.url === '/inner';
      response.writeHead(status, { location: '/inner' }).end();
    });
    await expect(guardedFetch(url, inside())).rejects.toMatchObject({ code: 'EGRESS_REDIRECT' });
    expect(reached).toBe(false);
  });

  it('stops reading when the answer grows past the limit', async () => {
    const { url } = await serve((_request, response) => {
      response.on('error', () => {});
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    await expect(guardedFetch(url, inside({ maxBytes: 100_000 }))).rejects.toMatchObject({
      code: 'EGRESS_TOO_LARGE',
    });
  });

  it.each([
    ['never answers', (() => {}) as RequestListener],
    ['drips its answer', ((_request, response) => void response.write('a')) as RequestListener],
  ])('gives up on a peer that %s', async (_what, listener) => {
    const { url } = await serve(listener);
    await expect(guardedFetch(url, inside({ timeoutMs: 100 }))).rejects.toMatchObject({ kind: 'TIMEOUT' });
  });

  it('gives up on a name server that never answers', async () => {
    const resolve = () => new Promise<never>(() => {});
    await expect(
      guardedFetch('https://slow.example/', inside({ timeoutMs: 50, resolve })),
    ).rejects.toMatchObject({ kind: 'TIMEOUT' });
  });

  it('says UNAVAILABLE when nobody listens, without the text of the library', async () => {
    const { url } = await serve(() => {});
    await new Promise((resolve) => servers.splice(0)[0]?.close(resolve));
    const error = await guardedFetch(url, inside()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'UNAVAILABLE', publicText: 'The other side cannot be reached' });
  });

  it('refuses a compressed answer: it did not ask for one', async () => {
    const { url } = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
    );
    await expect(guardedFetch(url, inside())).rejects.toMatchObject({ code: 'EGRESS_ENCODED' });
  });

  it('names an answer that is not JSON when JSON is asked for', async () => {
    const { url } = await serve((_request, response) => response.end('<html>'));
    const response = await guardedFetch(url, inside());
    expect(() => response.json()).toThrow(expect.objectContaining({ code: 'EGRESS_NOT_JSON' }));
  });
});
