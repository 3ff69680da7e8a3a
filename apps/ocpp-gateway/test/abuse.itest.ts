// Real: raw TCP sockets, Postgres, NATS. What a hostile or broken peer does (docs/promises.md P7).
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { auth } from '@kilowatch/contracts';
import { waitFor } from '@kilowatch/testing';
import { WebSocket } from 'ws';
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
    for (let i = 0; i < 5_000; i++) socket.write(frame(0, false, ' '));
    expect([1008, 1009]).toContain(await code);
    await alive();
  });

  it('cannot send a fragmented message that is too large', async () => {
    const socket = await rawCharger();
    const code = closeCode(socket);
    socket.write(frame(1, false, '['));
    for (let i = 0; i < 36; i++) socket.write(frame(0, false, Buffer.alloc(60_000, 0x20)));
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

  it('cannot have more calls wait than fit', async () => {
    let answered = () => {};
    const gate = new Promise<void>((resolve) => (answered = resolve));
    rig.peers.decide.does(async () => {
      await gate;
      return auth.DecideResponse.fromPartial({});
    });
    const socket = await rawCharger();
    const code = closeCode(socket);
    const call = (n: number) => frame(1, true, `[2,"${n}","Authorize",{"idTag":"A"}]`);
    socket.write(Buffer.concat(Array.from({ length: 400 }, (_, n) => call(n))));
    expect(await code).toBe(1013);
    answered();
    rig.peers.reset();
    await alive();
  });

  it('is let go of when its headers come in drips, or nothing comes at all', async () => {
    const [dripping, silent] = [await tcp(), await tcp()];
    dripping.write(`GET /ocpp/${rig.provision().identity} HTTP/1.1\r\nHost: x\r\n`);
    const timer = setInterval(() => dripping.write('X'), 500);
    const ended = ({ destroyed, readableEnded }: Socket) => destroyed || readableEnded;
    // Ended sockets show only to those who read.
    for (const socket of [dripping, silent]) socket.resume();
    await waitFor('both to be sent away', () => ended(dripping) && ended(silent), { timeoutMs: 20_000 });
    clearInterval(timer);
    await alive();
  }, 30_000);

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

describe('with compression allowed', () => {
  let compressing: GatewayRig;
  beforeAll(async () => {
    compressing = await GatewayRig.start({
      KW_OCPP_COMPRESSION: 'true',
      KW_OCPP_MAX_SOCKETS_PER_TENANT: '2',
    });
  });
  afterAll(() => compressing.close());

  const open = async (subprotocol: string, identity = compressing.provision().identity) => {
    const ws = new WebSocket(`ws://127.0.0.1:${compressing.gateway.port}/ocpp/${identity}`, [subprotocol], {
      perMessageDeflate: { threshold: 0 },
    });
    ws.on('error', () => undefined);
    await once(ws, 'open');
    return ws;
  };
  const closed = async (ws: WebSocket) => ((await once(ws, 'close')) as [number])[0];

  it('a 2.0.1 charger that offers it is served compressed, a 1.6 charger plain', async () => {
    const [modern, old] = [await open('ocpp2.0.1'), await open('ocpp1.6')];
    expect([modern.extensions, old.extensions]).toEqual([expect.stringContaining('permessage-deflate'), '']);
    modern.send('[2,"1","Heartbeat",{}]');
    const [data] = (await once(modern, 'message')) as [Buffer];
    expect(data.toString()).toContain('currentTime');
    modern.terminate();
    old.terminate();
    await waitFor('both to be gone', () => compressing.gateway.size === 0);
  });

  it('a bomb is closed with 1009 when it has grown past the limit, not when it is whole', async () => {
    const before = process.memoryUsage().rss;
    const bomb = await open('ocpp2.0.1');
    bomb.send(`[2,"1","DataTransfer",{"data":"${'0'.repeat(64 * 1024 * 1024)}"}]`);
    expect(await closed(bomb)).toBe(1009);
    // The test's own copy of the text is part of it.
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
    await waitFor('it to be gone', () => compressing.gateway.size === 0);
  });

  it('a tenant fills its own room only, and a station that comes back finds its place', async () => {
    const identities = [compressing.provision().identity, compressing.provision().identity];
    for (const identity of identities) await open('ocpp1.6', identity);
    expect((await compressing.handshake(`/ocpp/${compressing.provision().identity}`)).status).toBe(503);
    const back = await open('ocpp1.6', identities[0]);
    const other = await open('ocpp1.6', compressing.provision({ tenant: 'other' }).identity);
    expect([back.readyState, other.readyState]).toEqual([WebSocket.OPEN, WebSocket.OPEN]);
  });
});
