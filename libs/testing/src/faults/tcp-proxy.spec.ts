import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../wait-for.js';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.js';

// Real: TCP on loopback, an echo server behind the proxy.
let echo: Server;
let proxy: TcpProxy;
const clients: Socket[] = [];
const closing = (socket: Socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()));
const open = async () => {
  const client = connect({ port: proxy.port, host: '127.0.0.1' });
  const heard: string[] = [];
  client.on('data', (data) => heard.push(data.toString()));
  client.on('error', () => undefined);
  clients.push(client);
  await once(client, 'connect');
  return { client, heard };
};

beforeEach(async () => {
  echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await startTcpProxy({ port: (echo.address() as { port: number }).port });
});
afterEach(async () => {
  clients.splice(0).forEach((client) => client.destroy());
  await proxy.close();
  echo.close();
});

describe('startTcpProxy', () => {
  it('relays both ways, and later when told to be slow', async () => {
    const { client, heard } = await open();
    proxy.latency(60);
    const sentAt = performance.now();
    client.write('ping');
    await waitFor('the echo', () => heard.join('') === 'ping');
    expect(performance.now() - sentAt).toBeGreaterThanOrEqual(110);
  });

  it('swallows bytes in a black hole, and keeps the connection', async () => {
    const { client, heard } = await open();
    proxy.blackHole(true);
    client.write('lost');
    await waitFor('the bytes to vanish', () => proxy.swallowed() === 4);
    proxy.blackHole(false);
    const healthy = await open();
    healthy.client.write('heard');
    await waitFor('the echo', () => healthy.heard.join('') === 'heard');
    expect(client.destroyed).toBe(false);
    expect(heard.join('')).toBe('');
  });

  it('resets what is open when cut, and refuses what comes while told to', async () => {
    const { client } = await open();
    await waitFor('the pair', () => proxy.connections() === 1);
    const closed = closing(client);
    proxy.cut();
    await closed;
    proxy.refuse(true);
    const refused = connect({ port: proxy.port, host: '127.0.0.1' });
    refused.on('error', () => undefined);
    await closing(refused);
    proxy.refuse(false);
    const { heard, client: again } = await open();
    again.write('back');
    await waitFor('the echo', () => heard.join('') === 'back');
  });

  it('strands what is open: reset on the near side, silent on the far side, and new connections pass', async () => {
    const far: Socket[] = [];
    echo.on('connection', (socket) => far.push(socket));
    const { client } = await open();
    await waitFor('the far end', () => far.length === 1);
    const closed = closing(client);
    expect(proxy.strand()).toBe(1);
    await closed;
    const { heard, client: again } = await open();
    again.write('back');
    await waitFor('the echo', () => heard.join('') === 'back');
    expect(far[0]!.destroyed || far[0]!.readableEnded).toBe(false);
    proxy.cut();
    await waitFor('the far end to be gone', () => far[0]!.destroyed);
  });
});
