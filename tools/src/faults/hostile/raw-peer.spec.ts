import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientFrame, frameHead, OPCODE, RawPeer } from './raw-peer.js';

// Real: ws, which judges our frames.
let server: WebSocketServer;
let port: number;
const peers: RawPeer[] = [];
beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload: 100_000 });
  server.on('connection', (socket) => {
    socket.on('error', () => undefined);
    socket.on('message', (data) => socket.send(data.toString()));
  });
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  peers.splice(0).forEach((peer) => peer.destroy());
  server.close();
});
const aStation = async () => {
  const peer = await RawPeer.station(port, 'CP');
  peers.push(peer);
  return peer;
};

describe('a peer of bare bytes', () => {
  it.each([0, 125, 126, 65_535, 65_536])('sends and understands frames of %d bytes', async (length) => {
    const peer = await aStation();
    const text = 'x'.repeat(length);
    peer.send(text);
    await peer.until(() => peer.texts.length === 1, 5_000);
    expect(peer.texts).toEqual([text]);
  });

  it('may send a message in pieces', async () => {
    const peer = await aStation();
    peer.socket.write(clientFrame(OPCODE.text, false, 'a'));
    peer.socket.write(clientFrame(OPCODE.continuation, true, 'b'));
    await peer.until(() => peer.texts.length === 1, 5_000);
    expect(peer.texts).toEqual(['ab']);
  });

  it('knows that and why it was sent away', async () => {
    const peer = await aStation();
    peer.socket.write(frameHead(OPCODE.text, true, 2 ** 20));
    expect(await peer.sentAway(5_000)).toBe(true);
    expect(peer.closeCode).toBe(1009);
  });

  it('does not take silence for being sent away', async () => {
    const peer = await aStation();
    expect(await peer.sentAway(50)).toBe(false);
  });

  it('says what it was answered when it is not let in', async () => {
    server.options.verifyClient = () => false;
    await expect(RawPeer.station(port, 'CP')).rejects.toThrow('CP was not let in: HTTP/1.1 401 Unauthorized');
  });
});
