import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { waitFor } from '../wait-for.js';
import { startTcpBalancer, type TcpBalancer } from './tcp-balancer.js';

// Real: TCP on loopback. Each server says its name to whoever comes.
let balancer: TcpBalancer;
const servers: Server[] = [];
const clients: Socket[] = [];

async function serverSaying(name: string): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => undefined).write(name));
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as { port: number }).port;
}

function heard(): Promise<string> {
  const client = connect({ port: balancer.port, host: '127.0.0.1' });
  clients.push(client);
  client.on('error', () => undefined);
  return new Promise((resolve) => {
    client.once('data', (data) => resolve(data.toString()));
    client.once('close', () => resolve('closed'));
  });
}

beforeEach(async () => {
  balancer = await startTcpBalancer();
});
afterEach(async () => {
  clients.splice(0).forEach((client) => client.destroy());
  await balancer.close();
  servers.splice(0).forEach((server) => server.close());
});

it('shares new connections out in turn', async () => {
  for (const name of ['a', 'b']) balancer.include(await serverSaying(name));
  expect([await heard(), await heard(), await heard()]).toEqual(['a', 'b', 'a']);
});

it('sends nobody to a target that was taken out, and leaves its open connections alone', async () => {
  const [a, b] = [await serverSaying('a'), await serverSaying('b')];
  balancer.include(a);
  expect(await heard()).toBe('a');
  balancer.include(b);
  balancer.exclude(a);
  expect([await heard(), await heard()]).toEqual(['b', 'b']);
  expect([balancer.connections(a), balancer.connections(b)]).toEqual([1, 2]);
  clients[0]!.destroy();
  await waitFor('the end of the connection', () => balancer.connections(a) === 0);
});

it('refuses when there is no target', async () => {
  expect(await heard()).toBe('closed');
});
