import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Metadata, credentials, status, type ServiceError } from '@grpc/grpc-js';
import { Secret, internal, notFound, tenantId, unavailable } from '@kilowatch/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ServiceTokens } from '../auth/service-tokens.js';
import { systemClock } from '../clock/system-clock.js';
import { createLogger } from '../log/logger.js';
import { currentTraceparent, withSpan } from '../trace/span.js';
import { startTracing } from '../trace/tracing.js';
import { runInCallContext } from './call-context.js';
import { grpcClient } from './client.js';
import { GrpcServer } from './server.js';
import type { GrpcCall, GrpcImplementation, UnaryMethod } from './types.js';

/** What ts-proto generates, by hand, with JSON for protobuf. */
const json = {
  encode: (value: unknown) => Buffer.from(JSON.stringify(value)),
  decode: (bytes: Buffer) => JSON.parse(bytes.toString()) as never,
};
const method = (name: string): UnaryMethod<{ text: string }, { text: string; at: number }> => ({
  path: `/test.Echo/${name}`,
  requestStream: false,
  responseStream: false,
  requestSerialize: json.encode,
  requestDeserialize: json.decode,
  responseSerialize: json.encode,
  responseDeserialize: json.decode,
});
const EchoService = { echo: method('Echo'), fail: method('Fail'), sleep: method('Sleep') };
const EchoClient = { service: EchoService };
type Echo = GrpcImplementation<typeof EchoService>;

const SECRET = new Secret('a-secret-of-thirty-two-bytes-or-more');
const logger = createLogger({ service: 'test', level: 'silent' });
const tokens = (service: string, secret = SECRET) =>
  new ServiceTokens({ service, secret, clock: systemClock });
const demo = { tenant: tenantId('demo') };
const ended: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

async function start(parts: Partial<Echo> = {}, port = 0) {
  const calls: GrpcCall[] = [];
  const implementation: Echo = {
    echo: async ({ text }, call) => {
      calls.push(call);
      return { text, at: call.deadline.getTime() };
    },
    fail: async () => Promise.reject(new Error('password=hunter2')),
    sleep: async ({ text }) => {
      await delay(Number(text));
      return { text, at: 0 };
    },
    ...parts,
  };
  const server = new GrpcServer({ tokens: tokens('server'), clock: systemClock, logger });
  server.add(EchoService, implementation);
  const bound = await server.listen('127.0.0.1', port);
  ended.push(() => server.close(0));
  return { server, port: bound, calls };
}

let bundleMs: number | undefined;

function connect(port: number, secret = SECRET) {
  const client = grpcClient(EchoClient, {
    url: `127.0.0.1:${port}`,
    tokens: tokens('caller', secret),
    clock: systemClock,
    bundleMs,
  });
  ended.push(() => client.close());
  return client;
}

describe.each([
  ['that goes alone', undefined],
  ['that may go in a bundle', 8],
])('a gRPC call %s', (_road, lingerMs) => {
  beforeEach(() => (bundleMs = lingerMs));
  afterEach(() => (bundleMs = undefined));

  it('carries the request, the tenant and the name of the caller', async () => {
    const { port, calls } = await start();
    await expect(connect(port).echo({ text: 'hi' }, demo)).resolves.toMatchObject({ text: 'hi' });
    expect(calls).toMatchObject([{ tenant: 'demo', caller: 'caller' }]);
  });

  it('brings an application error back as it was thrown', async () => {
    const { port } = await start({
      fail: () => Promise.reject(notFound('X_NOT_FOUND', 'Nicht gefunden – 没有', { row: 1 })),
    });
    await expect(connect(port).fail({ text: '' }, demo)).rejects.toMatchObject({
      kind: 'NOT_FOUND',
      code: 'X_NOT_FOUND',
      publicText: 'Nicht gefunden – 没有',
    });
  });

  it('tells nothing about an unexpected error', async () => {
    const { port } = await start();
    const error: unknown = await connect(port)
      .fail({ text: '' }, demo)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'INTERNAL', code: 'INTERNAL' });
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('hunter2');
  });

  it('ends at its deadline', async () => {
    const { port } = await start();
    await expect(connect(port).sleep({ text: '2000' }, { ...demo, deadlineMs: 80 })).rejects.toMatchObject({
      kind: 'TIMEOUT',
    });
  });

  it('never outlives the request it serves, through several services', async () => {
    const { port: innerPort } = await start();
    const inner = connect(innerPort);
    const { port } = await start({
      echo: ({ text }) => inner.echo({ text }, { ...demo, deadlineMs: 60_000 }),
    });
    const { at } = await connect(port).echo({ text: '' }, { ...demo, deadlineMs: 700 });
    expect(at - Date.now()).toBeLessThanOrEqual(700);
  });

  it('is not even sent when the deadline of the request it serves has passed', async () => {
    const { port, calls } = await start();
    const late = runInCallContext({ deadline: new Date(Date.now() - 1) }, () =>
      connect(port).echo({ text: '' }, demo),
    );
    await expect(late).rejects.toMatchObject({ kind: 'TIMEOUT' });
    expect(calls).toEqual([]);
  });

  it('is repeated when UNAVAILABLE and idempotent', async () => {
    let attempts = 0;
    const { port } = await start({
      echo: async () => {
        if (++attempts < 3) throw unavailable('BUSY', 'Try again');
        return { text: 'done', at: 0 };
      },
    });
    await expect(connect(port).echo({ text: '' }, { ...demo, idempotent: true })).resolves.toMatchObject({
      text: 'done',
    });
    expect(attempts).toBe(3);
  });

  it.each([
    ['UNAVAILABLE but not idempotent', unavailable, false],
    ['idempotent but INTERNAL', internal, true],
  ])('is not repeated when it is %s', async (_what, make, idempotent) => {
    let attempts = 0;
    const { port } = await start({
      echo: () => {
        attempts++;
        return Promise.reject(make('X', 'x'));
      },
    });
    await expect(connect(port).echo({ text: '' }, { ...demo, idempotent })).rejects.toThrow();
    expect(attempts).toBe(1);
  });

  it('finds a service that was killed and started again', async () => {
    const { port, server } = await start();
    const client = connect(port);
    await client.echo({ text: '' }, demo);
    await server.close(0);
    await expect(client.echo({ text: '' }, demo)).rejects.toMatchObject({ kind: 'UNAVAILABLE' });
    await start({}, port);
    await expect(client.echo({ text: 'again' }, { ...demo, idempotent: true })).resolves.toMatchObject({
      text: 'again',
    });
  });

  it('belongs to the trace of its caller', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'kw-grpc-'));
    const tracing = startTracing('test', `file:${join(directory, 'spans')}`);
    ended.push(async () => {
      await tracing.close();
      rmSync(directory, { recursive: true });
    });
    const { port, calls } = await start();
    const client = connect(port);
    const outside = await withSpan('ocpp.call', {}, async () => {
      await client.echo({ text: '' }, demo);
      return currentTraceparent();
    });
    const traceId = (traceparent: string | undefined) => traceparent?.split('-')[1];
    expect(traceId(outside)).toMatch(/^[0-9a-f]{32}$/);
    expect(traceId(calls[0]?.traceparent)).toBe(traceId(outside));
  });
});

describe('a gRPC server', () => {
  it('lets a call in flight finish when it closes', async () => {
    let began: () => void = () => {};
    const begun = new Promise<void>((resolve) => (began = resolve));
    const { port, server } = await start({
      sleep: async ({ text }) => {
        began();
        await delay(100);
        return { text, at: 0 };
      },
    });
    const answer = connect(port).sleep({ text: 'finished' }, demo);
    await begun;
    await server.close(5_000);
    await expect(answer).resolves.toMatchObject({ text: 'finished' });
  });

  it('does not start with an implementation that lacks a method', () => {
    const server = new GrpcServer({ tokens: tokens('server'), clock: systemClock, logger });
    expect(() => server.add(EchoService, { echo: () => {} } as never)).toThrow('/test.Echo/Fail');
  });

  it('refuses a caller with another secret', async () => {
    const { port, calls } = await start();
    const other = new Secret('another-secret-of-thirty-two-bytes-or-so');
    await expect(connect(port, other).echo({ text: '' }, demo)).rejects.toMatchObject({
      code: 'SERVICE_CALL_FAILED',
    });
    expect(calls).toEqual([]);
  });

  it.each([
    ['no service token', status.UNAUTHENTICATED, async () => ({ 'x-kilowatch-tenant': 'demo' })],
    [
      'a token that is none',
      status.UNAUTHENTICATED,
      async () => ({ 'x-kilowatch-tenant': 'demo', 'x-kilowatch-service': 'a.b.c' }),
    ],
    [
      'no tenant',
      status.INVALID_ARGUMENT,
      async () => ({ 'x-kilowatch-service': await tokens('caller').token() }),
    ],
    [
      'the system as tenant',
      status.INVALID_ARGUMENT,
      async () => ({ 'x-kilowatch-service': await tokens('caller').token(), 'x-kilowatch-tenant': '*' }),
    ],
  ])('refuses a call with %s', async (_what, expected, headers) => {
    const { port, calls } = await start();
    const metadata = new Metadata();
    for (const [key, value] of Object.entries(await headers())) metadata.set(key, value as string);
    const raw = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
    ended.push(() => raw.close());
    const error = await new Promise<ServiceError | null>((resolve) => {
      raw.makeUnaryRequest('/test.Echo/Echo', json.encode, json.decode, { text: '' }, metadata, (failure) =>
        resolve(failure),
      );
    });
    expect([error?.code, calls]).toEqual([expected, []]);
  });
});
