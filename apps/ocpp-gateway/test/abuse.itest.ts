// Real: raw TCP sockets, Postgres, NATS. What a hostile or broken peer does (docs/promises.md P7).
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { waitFor } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayRig } from './gateway-rig.js';

let rig: GatewayRig;
beforeAll(async () => {
  rig = await GatewayRig.start({ KW_OCPP_MAX_SOCKETS_PER_IP: '30' });
});
afterAll(() => rig.close());

async function tcp(): Promise<Socket> {
  const socket = connect(rig.gateway.port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** A charger of bare bytes. */
async function rawCharger(): Promise<Socket> {
  const socket = await tcp();
  socket.write(
    `GET /ocpp/${rig.provision().identity} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n',
  );
  const [head] = (await once(socket, 'data')) as [Buffer];
  expect(head.toString()).toContain('101 Switching Protocols');
  return socket;
}

/** A masked WebSocket frame (mask 0: the bytes stay readable). */
function frame(opcode: number, fin: boolean, payload: Buffer | string): Buffer {
  const body = Buffer.from(payload);
  const head =
    body.length < 126
      ? Buffer.from([0x80 | body.length])
      : Buffer.from([0xfe, body.length >> 8, body.length & 255]);
  return Buffer.concat([Buffer.from([(fin ? 0x80 : 0) | opcode]), head, Buffer.alloc(4), body]);
}

/** The close code in what the gateway sends, until it ends the connection. */
async function closeCode(socket: Socket): Promise<number | undefined> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await waitFor('a close frame', () => Buffer.concat(chunks).includes(0x88) || socket.destroyed);
  const bytes = Buffer.concat(chunks);
  const at = bytes.indexOf(0x88);
  socket.destroy();
  return at < 0 ? undefined : bytes.readUInt16BE(at + 2);
}

const alive = async () => {
  const socket = await rig.connect(rig.provision());
  await socket.call('Heartbeat', () => ({}));
  socket.close();
};

describe('a hostile peer', () => {
  it('cannot make us gather fragments without end', async () => {
    const socket = await rawCharger();
    const code = closeCode(socket);
    socket.write(frame(1, false, '['));
    for (let i = 0; i < 100; i++) socket.write(frame(0, false, ' '));
    expect([1008, 1009]).toContain(await code);
    await alive();
  });

  it('cannot send a fragmented message that is too large', async () => {
    const socket = await rawCharger();
    const code = closeCode(socket);
    socket.write(frame(1, false, '['));
    for (let i = 0; i < 6; i++) socket.write(frame(0, false, Buffer.alloc(60_000, 0x20)));
    expect(await code).toBe(1009);
  });

  it.each([
    ['unmasked frames', Buffer.from([0x81, 0x02, 0x5b, 0x5d]), 1002],
    ['bad UTF-8', frame(1, true, Buffer.from([0xff, 0xfe])), 1007],
    ['binary frames', frame(2, true, '[]'), 1003],
    ['compressed frames that were never agreed on', Buffer.from([0xc1, 0x80, 0, 0, 0, 0]), 1002],
  ])('is told off for %s', async (_, bytes, expected) => {
    const socket = await rawCharger();
    const code = closeCode(socket);
    socket.write(bytes);
    expect(await code).toBe(expected);
  });

  it('gets 431 or nothing for endless headers', async () => {
    const socket = await tcp();
    socket.write('GET /ocpp/CP-1 HTTP/1.1\r\nHost: x\r\n');
    socket.write(`X: ${'y'.repeat(20_000)}\r\n`);
    await waitFor('the connection to end', () => socket.destroyed || socket.readableEnded || socket.closed);
    await alive();
  });

  it('cannot hold all connections from one address', async () => {
    const sockets = await Promise.all(Array.from({ length: 40 }, tcp));
    await waitFor(
      'the surplus to be cut',
      () => sockets.filter(({ destroyed, closed }) => destroyed || closed).length >= 10,
    );
    for (const socket of sockets) socket.destroy();
    await waitFor('room again', () => alive().then(() => true));
  });

  it('does not end the process by leaving in the middle of its handshake', async () => {
    for (let i = 0; i < 10; i++) {
      const socket = await tcp();
      socket.write(
        `GET /ocpp/${rig.provision().identity} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`,
      );
      socket.write('Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n');
      socket.write('Sec-WebSocket-Protocol: ocpp1.6\r\n\r\n');
      socket.resetAndDestroy();
    }
    await alive();
  });
});
