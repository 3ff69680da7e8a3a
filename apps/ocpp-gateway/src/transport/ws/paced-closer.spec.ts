import { describe, expect, it } from 'vitest';
import { PacedCloser } from './paced-closer.js';

function fleet(size: number) {
  const closedAt: number[] = [];
  const clock = { now: 1_000_000 };
  const sockets = Array.from({ length: size }, () => ({ close: () => void closedAt.push(clock.now) }));
  return { closedAt, clock, sockets };
}

describe('PacedCloser', () => {
  it('closes few sockets at once', () => {
    const { closedAt, clock, sockets } = fleet(10);
    const closer = new PacedCloser(50);
    for (const socket of sockets) closer.close(socket, 1013, 'later', clock.now);
    expect(closedAt).toHaveLength(10);
  });

  it('spreads a fleet, and closes the last within ten seconds', () => {
    const { closedAt, clock, sockets } = fleet(5_000);
    const closer = new PacedCloser(50);
    const start = clock.now;
    for (const socket of sockets) closer.close(socket, 1013, 'later', clock.now);
    expect(closedAt).toHaveLength(50);
    while (closer.size > 0) {
      clock.now += 200;
      closer.tick(clock.now);
    }
    expect(closedAt).toHaveLength(5_000);
    expect(Math.max(...closedAt) - start).toBeLessThanOrEqual(10_200);
    expect(closedAt.filter((at) => at <= start + 1_000).length).toBeLessThan(1_000);
  });

  it('does not touch a socket that left by itself', () => {
    const { closedAt, clock, sockets } = fleet(60);
    const closer = new PacedCloser(50);
    for (const socket of sockets) closer.close(socket, 1013, 'later', clock.now);
    for (const socket of sockets) closer.forget(socket);
    closer.tick(clock.now + 5_000);
    expect(closedAt).toHaveLength(50);
  });
});
