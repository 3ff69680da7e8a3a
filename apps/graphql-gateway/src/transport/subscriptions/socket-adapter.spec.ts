import { EventEmitter } from 'node:events';
import { createLogger } from '@kilowatch/platform';
import type { Server, WebSocket as ProtocolSocket } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { serveSocket, type SocketExtra } from './socket-adapter.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  protocol = 'graphql-transport-ws';
  bufferedAmount = 0;
  ping = vi.fn();
  terminate = vi.fn();
  close = vi.fn();
  send = vi.fn((_data: string, done: () => void) => done());
}

function serve() {
  const socket = new FakeSocket();
  const handled: string[] = [];
  const opened: ProtocolSocket[] = [];
  const protocol: Server<SocketExtra> = {
    opened(one) {
      opened.push(one);
      one.onMessage(async (data) => void handled.push(data));
      return async () => {};
    },
  };
  const log = createLogger({ service: 'test', level: 'silent' });
  serveSocket(socket as unknown as WebSocket, protocol, { socket: socket as unknown as WebSocket }, log);
  return { socket, handled, protocolSocket: opened[0]! };
}

describe('serveSocket', () => {
  it('ends a peer that leaves a ping unanswered, not one that answers', () => {
    const { socket } = serve();
    vi.advanceTimersByTime(15_000);
    socket.emit('pong');
    vi.advanceTimersByTime(15_000);
    expect(socket.ping).toHaveBeenCalledTimes(2);
    expect(socket.terminate).not.toHaveBeenCalled();
    vi.advanceTimersByTime(15_000);
    expect(socket.terminate).toHaveBeenCalledTimes(1);
  });

  it('drops a consumer that takes nothing of what was sent', async () => {
    const { socket, protocolSocket } = serve();
    await protocolSocket.send('a');
    socket.bufferedAmount = 1_000_001;
    await protocolSocket.send('b');
    expect(socket.send).toHaveBeenCalledTimes(1);
    expect(socket.terminate).toHaveBeenCalledTimes(1);
  });

  it('closes on a flood of messages', () => {
    const { socket, handled } = serve();
    for (let n = 0; n < 301; n++) socket.emit('message', Buffer.from(String(n)));
    expect(handled).toHaveLength(300);
    expect(socket.close).toHaveBeenCalledWith(1008, 'Too many messages');
  });

  it('lets as many messages through again in the next window', () => {
    const { socket, handled } = serve();
    for (let round = 0; round < 2; round++) {
      for (let n = 0; n < 200; n++) socket.emit('message', Buffer.from(String(n)));
      vi.advanceTimersByTime(10_000);
    }
    expect(handled).toHaveLength(400);
    expect(socket.close).not.toHaveBeenCalled();
  });

  it('survives a socket error and stops its timers at the end', () => {
    const { socket } = serve();
    socket.emit('error', new Error('reset'));
    socket.emit('close', 1006, Buffer.from(''));
    expect(vi.getTimerCount()).toBe(0);
  });
});
