import { beforeEach, describe, expect, it } from 'vitest';
import type { Logger } from '@kilowatch/platform';
import type { AnswerCall } from '../../usecases/answer-call.js';
import { LivenessWheel } from './liveness-wheel.js';
import { SocketHub } from './socket-hub.js';
import type { StationSocket } from './station-socket.js';

const START = Date.parse('2026-03-01T10:00:00Z');
let now: number;
let hub: SocketHub;
beforeEach(() => {
  now = START;
  hub = new SocketHub(
    {} as AnswerCall,
    new LivenessWheel<StationSocket>({ minSeconds: 30, maxSeconds: 60 }, () => 0),
    { now: () => new Date(now) },
    {} as Logger,
    { frame: () => undefined },
    { note: () => [] },
    () => undefined,
  );
});

/** As far as the hub looks at what a socket has written. */
function aSocket(bufferedBytes: number) {
  const terminated: string[] = [];
  const socket = { bufferedBytes, terminate: (reason: string) => terminated.push(reason) };
  return { socket, terminated, writes: () => hub.watchWrites(socket as unknown as StationSocket) };
}

function pass(seconds: number): void {
  for (let second = 0; second < seconds; second += 1) {
    now += 1_000;
    hub.tick();
  }
}

describe('what was written to a charger', () => {
  it('must be read within 20 s, however often more is written meanwhile', () => {
    const { terminated, writes } = aSocket(500);
    writes();
    pass(20);
    expect(terminated).toEqual([]);
    writes();
    pass(1);
    expect(terminated).toEqual(['does not read']);
  });

  it('is forgotten once it was read: the time begins anew with what is written next', () => {
    const { socket, terminated, writes } = aSocket(500);
    writes();
    pass(15);
    socket.bufferedBytes = 0;
    pass(1);
    socket.bufferedBytes = 500;
    writes();
    pass(20);
    expect(terminated).toEqual([]);
    pass(1);
    expect(terminated).toEqual(['does not read']);
  });
});
