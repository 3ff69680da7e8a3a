import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LoadCharger } from './load-charger.js';

/** How often a call is answered wrongly before it is answered. */
let inTheWay: ((socket: WebSocket, id: string) => void)[];
let server: WebSocketServer;
let calls: string[];
beforeEach(async () => {
  inTheWay = [];
  calls = [];
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: ([first]) => first ?? false });
  server.on('connection', (socket) =>
    socket.on('message', (data) => {
      const [, id, action] = JSON.parse(String(data)) as [number, string, string];
      calls.push(action);
      const trouble = inTheWay.shift();
      if (trouble) trouble(socket, id);
      else socket.send(JSON.stringify([3, id, { transactionId: 7 }]));
    }),
  );
  await once(server, 'listening');
});
afterEach(() => server.close());

const aCharger = (answered: number[] = []) =>
  new LoadCharger(
    `ws://127.0.0.1:${(server.address() as AddressInfo).port}/CP`,
    { version: '2.0.1', token: 'T', meterMessages: 2 },
    (ms) => answered.push(ms),
  );

describe('a charger for load', () => {
  it('plays one cycle from boot to stop', async () => {
    const charger = aCharger();
    await charger.connect();
    await charger.charge();
    expect(calls).toEqual([
      'BootNotification',
      'StatusNotification',
      'Authorize',
      ...Array.from({ length: 4 }, () => 'TransactionEvent'),
    ]);
    expect(charger.sentAgain).toBe(0);
    charger.close();
  });

  it.each([
    [
      'an error',
      (socket: WebSocket, id: string) => socket.send(JSON.stringify([4, id, 'InternalError', '', {}])),
    ],
    ['a closed socket', (socket: WebSocket) => socket.terminate()],
  ])('sends a call again after %s, and counts from the first time', async (_, trouble) => {
    const answered: number[] = [];
    const charger = aCharger(answered);
    await charger.connect();
    inTheWay = [trouble];
    await charger.boot();
    expect(calls).toEqual(['BootNotification', 'BootNotification']);
    expect(charger.sentAgain).toBe(1);
    expect(answered).toHaveLength(1);
    expect(answered[0]).toBeGreaterThanOrEqual(1_000);
    charger.close();
  });
});
