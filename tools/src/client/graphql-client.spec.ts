import { createServer, type Server as HttpServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { freePort, waitFor } from '@kilowatch/testing';
import { GraphQLError } from 'graphql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { GraphqlClient, GraphqlError, Unreachable } from './graphql-client.js';

// The server's half of the protocol, by hand: what the gateway does when a token ends, an object is unknown, nothing is left.
let http: HttpServer;
let sockets: WebSocketServer;
let client: GraphqlClient;
let tokens: string[];
/** Answers a subscription. */
let onSubscribe: (socket: WebSocket, id: string, token: string) => void;
let validTokens: Set<string>;
let issued: number;

const say = (socket: WebSocket, message: Record<string, unknown>) => socket.send(JSON.stringify(message));
const push = (socket: WebSocket, id: string, n: number) =>
  say(socket, { id, type: 'next', payload: { data: { n } } });

beforeEach(async () => {
  tokens = [];
  issued = 0;
  validTokens = new Set(['token-1', 'token-2']);
  http = createServer().listen(0, '127.0.0.1');
  await once(http, 'listening');
  sockets = new WebSocketServer({ server: http, handleProtocols: () => 'graphql-transport-ws' });
  sockets.on('connection', (socket) => {
    let token = '';
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as {
        type: string;
        id: string;
        payload?: { authorization?: string };
      };
      if (message.type === 'connection_init') {
        token = (message.payload?.authorization ?? '').replace('Bearer ', '');
        tokens.push(token);
        if (validTokens.has(token)) say(socket, { type: 'connection_ack' });
        else socket.close(4403, 'Forbidden');
      } else if (message.type === 'subscribe') {
        onSubscribe(socket, message.id, token);
      }
    });
  });
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`;
  client = new GraphqlClient(url, async () => `token-${++issued}`);
});

afterEach(async () => {
  await client.close();
  sockets.clients.forEach((socket) => socket.terminate());
  sockets.close();
  http.close();
});

const watched = () => {
  const seen: number[] = [];
  const ends: (Error | undefined)[] = [];
  const stop = client.subscribe<{ n: number }>(
    'subscription { n }',
    {},
    ({ n }) => seen.push(n),
    (failure) => ends.push(failure),
  );
  return { seen, ends, stop };
};

describe('a subscription', () => {
  it('goes on with a new token when the server closes it because the old one has ended', async () => {
    onSubscribe = (socket, id, token) => {
      push(socket, id, token === 'token-1' ? 1 : 2);
      if (token === 'token-1') socket.close(4403, 'The access token has expired');
    };
    const { seen, ends } = watched();
    await waitFor('what comes after the first token', () => seen.includes(2));
    expect(tokens).toEqual(['token-1', 'token-2']);
    expect(ends).toEqual([]);
  });

  it('tells the errors the server ends it with', async () => {
    const error = new GraphQLError('There is no such session.', { extensions: { code: 'NOT_FOUND' } });
    onSubscribe = (socket, id) => say(socket, { id, type: 'error', payload: [error.toJSON()] });
    const { ends } = watched();
    const [failure] = await waitFor('the end', () => (ends.length > 0 ? ends : undefined));
    expect(failure).toBeInstanceOf(GraphqlError);
    expect(failure).toMatchObject({ code: 'NOT_FOUND', message: 'There is no such session.' });
  });

  it('tells that no more will come', async () => {
    onSubscribe = (socket, id) => {
      push(socket, id, 1);
      say(socket, { id, type: 'complete' });
    };
    const { seen, ends } = watched();
    await waitFor('the end', () => ends.length > 0);
    expect({ seen, ends }).toEqual({ seen: [1], ends: [undefined] });
  });

  it('tells why there is no token', async () => {
    client = new GraphqlClient(client.url, () => Promise.reject(new Error('Please sign in again.')));
    const { ends } = watched();
    await waitFor('the end', () => ends.length > 0);
    expect(ends[0]?.message).toBe('Please sign in again.');
  });

  it('says nothing of an end that was asked for', async () => {
    onSubscribe = (socket, id) => push(socket, id, 1);
    const { seen, ends, stop } = watched();
    await waitFor('the first result', () => seen.length > 0);
    stop();
    await client.close();
    await waitFor('the socket to be gone', () => sockets.clients.size === 0);
    expect(ends).toEqual([]);
  });
});

describe('a request', () => {
  it('says that nobody answers at the address', async () => {
    const url = `http://127.0.0.1:${await freePort()}/graphql`;
    const request = new GraphqlClient(url).request('query { me { id } }');
    await expect(request).rejects.toBeInstanceOf(Unreachable);
    await expect(request).rejects.toThrow(new RegExp(`^${url} cannot be reached: .*ECONNREFUSED`));
  });
});
