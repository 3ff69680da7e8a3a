import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import {
  Client,
  Metadata,
  Server,
  ServerCredentials,
  credentials,
  status,
  type ServiceError,
} from '@grpc/grpc-js';
import { common } from '@kilowatch/contracts';
import { Secret, conflict, tenantId } from '@kilowatch/kernel';
import { afterEach, expect, it, vi } from 'vitest';
import { ServiceTokens } from '../auth/service-tokens.js';
import { systemClock } from '../clock/system-clock.js';
import { createLogger } from '../log/logger.js';
import { grpcClient } from './client.js';
import { GrpcServer } from './server.js';
import type { GrpcCall, GrpcImplementation, UnaryMethod } from './types.js';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value));
const decode = (bytes: Buffer) => JSON.parse(bytes.toString()) as never;
const work: UnaryMethod<{ n: number; text?: string }, { n: number }> = {
  path: '/test.Work/Work',
  requestStream: false,
  responseStream: false,
  requestSerialize: encode,
  requestDeserialize: decode,
  responseSerialize: encode,
  responseDeserialize: decode,
};
const WorkService = { work };
type Work = GrpcImplementation<typeof WorkService>['work'];

const LINGER_MS = 30;
const logger = createLogger({ service: 'test', level: 'silent' });
const SECRET = 'a-secret-of-thirty-two-bytes-or-more';
const tokens = (service: string, secret = SECRET) =>
  new ServiceTokens({ service, secret: new Secret(secret), clock: systemClock });
const demo = { tenant: tenantId('demo') };
const bundles = vi.spyOn(Client.prototype, 'makeServerStreamRequest');
const alone = vi.spyOn(Client.prototype, 'makeUnaryRequest');
const ended: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ended.splice(0)) await end();
  bundles.mockClear();
  alone.mockClear();
});

async function serve(implementation: Work) {
  const server = new GrpcServer({ tokens: tokens('server'), clock: systemClock, logger });
  server.add(WorkService, { work: implementation });
  const port = await server.listen('127.0.0.1', 0);
  ended.push(() => server.close(0));
  return { server, port };
}

function connect(port: number, clock = systemClock) {
  const client = grpcClient(
    { service: WorkService },
    { url: `127.0.0.1:${port}`, tokens: tokens('caller'), clock, bundleMs: LINGER_MS },
  );
  ended.push(() => client.close());
  return client;
}

/** A way to the port that can be cut. */
async function startRoad(to: number) {
  const sockets: Socket[] = [];
  const road = createServer((near) => {
    const far = createConnection(to, '127.0.0.1');
    sockets.push(near, far);
    for (const socket of [near, far]) socket.on('error', () => undefined);
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => road.listen(0, '127.0.0.1', resolve));
  const cut = () => sockets.forEach((socket) => socket.destroy());
  ended.push(() => (cut(), road.close()));
  return { port: (road.address() as AddressInfo).port, cut };
}

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

it('calls of one moment go as one, each with its own answer', async () => {
  const { port } = await serve(async ({ n }) => ({ n: n * n }));
  const client = connect(port);
  const answers = await Promise.all(numbers(100).map((n) => client.work({ n }, demo)));
  expect(answers).toEqual(numbers(100).map((n) => ({ n: n * n })));
  expect([bundles.mock.calls.length, alone.mock.calls.length]).toEqual([1, 0]);
});

it('a call that comes while others are under way waits for company; one that finds none under way goes at once', async () => {
  const { port } = await serve(async ({ n }) => {
    await delay(n);
    return { n };
  });
  const client = connect(port);
  const first = client.work({ n: 100 }, demo);
  await delay(20);
  const later = [client.work({ n: 0 }, demo), delay(5).then(() => client.work({ n: 0 }, demo))];
  await Promise.all([first, ...later]);
  expect(bundles).toHaveBeenCalledTimes(2);
  await client.work({ n: 0 }, demo);
  expect(bundles).toHaveBeenCalledTimes(3);
});

it('one that takes long holds up no other', async () => {
  let finish: () => void = () => undefined;
  const long = new Promise<void>((resolve) => (finish = resolve));
  const { port } = await serve(async ({ n }) => {
    if (n === 0) await long;
    return { n };
  });
  const client = connect(port);
  const slow = client.work({ n: 0 }, demo);
  await Promise.all(numbers(20).map((n) => client.work({ n: n + 1 }, demo)));
  finish();
  await expect(slow).resolves.toEqual({ n: 0 });
});

it('one that fails fails alone', async () => {
  const { port } = await serve(async ({ n }) => {
    if (n % 2 === 1) throw conflict('ODD', 'The number is odd');
    return { n };
  });
  const client = connect(port);
  const outcomes = await Promise.allSettled(numbers(10).map((n) => client.work({ n }, demo)));
  expect(outcomes.map((outcome) => outcome.status === 'fulfilled')).toEqual(
    numbers(10).map((n) => n % 2 === 0),
  );
  expect(outcomes[1]).toMatchObject({ reason: { kind: 'CONFLICT', code: 'ODD' } });
});

it('each keeps its tenant', async () => {
  const seen: GrpcCall[] = [];
  const { port } = await serve(async ({ n }, call) => {
    seen.push(call);
    return { n };
  });
  const client = connect(port);
  await Promise.all(['one', 'two'].map((tenant) => client.work({ n: 1 }, { tenant: tenantId(tenant) })));
  expect(seen.map(({ tenant, caller }) => [tenant, caller])).toEqual([
    ['one', 'caller'],
    ['two', 'caller'],
  ]);
  expect(bundles).toHaveBeenCalledTimes(1);
});

it('none takes its tenant from another: the system or nobody is refused for that call only', async () => {
  const { port } = await serve(async ({ n }) => ({ n }));
  const client = connect(port);
  const outcomes = await Promise.allSettled(
    ['demo', '*', ''].map((tenant) => client.work({ n: 1 }, { tenant: tenant as never })),
  );
  expect(outcomes).toMatchObject([
    { status: 'fulfilled' },
    { reason: { kind: 'INVALID' } },
    { reason: { kind: 'INVALID', code: 'TENANT_MISSING' } },
  ]);
});

it('our set-up is at fault alike, alone or in a bundle: another secret, or a method the server lacks', async () => {
  const { port } = await serve(async ({ n }) => ({ n }));
  const lacking = { ...work, path: '/test.Work/New' };
  const outcome = (secret: string, method: typeof work, bundleMs?: number) => {
    const clients = tokens('caller', secret);
    const client = grpcClient(
      { service: { work: method } },
      { url: `127.0.0.1:${port}`, tokens: clients, clock: systemClock, bundleMs },
    );
    ended.push(() => client.close());
    return client.work({ n: 1 }, demo).catch((error: unknown) => error);
  };
  for (const bundleMs of [undefined, LINGER_MS]) {
    expect(await outcome('another-secret-of-thirty-two-bytes-or-so', work, bundleMs)).toMatchObject({
      kind: 'INTERNAL',
      code: 'SERVICE_CALL_FAILED',
      details: { method: work.path, status: 'UNAUTHENTICATED' },
    });
    expect(await outcome(SECRET, lacking, bundleMs)).toMatchObject({
      kind: 'INTERNAL',
      code: 'SERVICE_CALL_FAILED',
      details: { method: lacking.path, status: 'UNIMPLEMENTED' },
    });
  }
});

it('whoever has no token gets nothing of a bundle looked at, and nobody gets more looked at than a client sends', async () => {
  const served = vi.fn<Work>(async ({ n }) => ({ n }));
  const { port } = await serve(served);
  const raw = new common.CallBundleServiceClient(`127.0.0.1:${port}`, credentials.createInsecure());
  ended.push(() => raw.close());
  const call = { path: work.path, tenant: 'demo', request: encode({ n: 1 }), traceparent: '' };
  const refusal = async (headers: Record<string, string>, calls: number) => {
    const metadata = new Metadata();
    for (const [key, value] of Object.entries(headers)) metadata.set(key, value);
    const stream = raw.carry({ calls: Array.from({ length: calls }, () => call) }, metadata);
    stream.resume();
    return (await once(stream, 'error'))[0] as ServiceError;
  };
  expect((await refusal({}, 1)).code).toBe(status.UNAUTHENTICATED);
  const token = await tokens('caller').token();
  expect((await refusal({ 'x-kilowatch-service': token }, 257)).code).toBe(status.INVALID_ARGUMENT);
  expect(served).not.toHaveBeenCalled();
});

it('calls that wait when the client is closed fail, as does one that comes after', async () => {
  const { port } = await serve(async ({ n }) => {
    await delay(n);
    return { n };
  });
  const client = connect(port);
  await client.work({ n: 0 }, demo);
  const failures = [client.work({ n: 200 }, demo)];
  await delay(5);
  failures.push(client.work({ n: 0 }, demo));
  client.close();
  failures.push(client.work({ n: 0 }, demo));
  for (const failure of failures.slice(1)) await expect(failure).rejects.toThrow();
  await failures[0]!.catch(() => undefined);
});

it('answers of any size that may go alone may go in a bundle', async () => {
  const text = 'x'.repeat(3 * 1024 * 1024);
  const { port } = await serve(async ({ n }) => ({ n, text }));
  const client = connect(port);
  const answers = await Promise.all([1, 2, 3].map((n) => client.work({ n }, demo)));
  expect(answers.map(({ n }) => n)).toEqual([1, 2, 3]);
});

it('a connection that breaks takes with it only what has no answer yet', async () => {
  const { port } = await serve(async ({ n }) => {
    if (n === 1) await delay(60_000, undefined, { ref: false });
    return { n };
  });
  const road = await startRoad(port);
  const client = connect(road.port);
  const [quick, never] = [0, 1].map((n) => client.work({ n }, demo));
  const failure = never!.catch((error: unknown) => error);
  await expect(quick).resolves.toEqual({ n: 0 });
  road.cut();
  expect(await failure).toMatchObject({ kind: 'UNAVAILABLE' });
});

it('a server that stops answers the calls it has taken', async () => {
  let taken: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (taken = resolve));
  const { port, server } = await serve(async ({ n }) => {
    taken();
    await delay(50 * n);
    return { n };
  });
  const client = connect(port);
  const answers = Promise.all([0, 1, 2].map((n) => client.work({ n }, demo)));
  await begun;
  await server.close(5_000);
  await expect(answers).resolves.toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
});

it('calls whose deadlines are far apart go apart, and each ends at its own', async () => {
  const { port } = await serve(async ({ n }) => {
    await delay(300);
    return { n };
  });
  const client = connect(port);
  const short = client.work({ n: 1 }, { ...demo, deadlineMs: 100 });
  const long = client.work({ n: 2 }, { ...demo, deadlineMs: 5_000 });
  await expect(short).rejects.toMatchObject({ kind: 'TIMEOUT' });
  await expect(long).resolves.toEqual({ n: 2 });
  expect(bundles).toHaveBeenCalledTimes(2);
});

it('a large call goes alone', async () => {
  const { port } = await serve(async ({ n }) => ({ n }));
  await connect(port).work({ n: 1, text: 'x'.repeat(64 * 1024) }, demo);
  expect([bundles.mock.calls.length, alone.mock.calls.length]).toEqual([0, 1]);
});

it('a server of before bundles is served call by call, and asked for bundles again after a minute', async () => {
  const old = new Server();
  old.addService(WorkService, {
    work: (call: { request: { n: number } }, answer: (error: null, value: { n: number }) => void) =>
      answer(null, { n: call.request.n }),
  });
  const port = await new Promise<number>((resolve, reject) =>
    old.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  ended.push(() => old.forceShutdown());
  let ahead = 0;
  const client = connect(port, { now: () => new Date(Date.now() + ahead) });
  const both = () => Promise.all([1, 2].map((n) => client.work({ n }, demo)));
  await expect(both()).resolves.toEqual([{ n: 1 }, { n: 2 }]);
  await expect(both()).resolves.toEqual([{ n: 1 }, { n: 2 }]);
  expect([bundles.mock.calls.length, alone.mock.calls.length]).toEqual([1, 4]);
  ahead = 60_001;
  await expect(both()).resolves.toEqual([{ n: 1 }, { n: 2 }]);
  expect([bundles.mock.calls.length, alone.mock.calls.length]).toEqual([2, 6]);
});
