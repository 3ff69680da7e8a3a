import { createLogger } from '../log/logger.js';
import { describe, expect, it } from 'vitest';
import { watchProcess } from './process-watch.js';

function watched(lines: string[] = []) {
  const logger = createLogger({ service: 'test', destination: { write: (line) => void lines.push(line) } });
  const before = process.listeners('unhandledRejection');
  const exits: number[] = [];
  const undo = watchProcess(
    logger,
    async () => {},
    (code) => void exits.push(code),
  );
  const [added] = process.listeners('unhandledRejection').filter((listener) => !before.includes(listener));
  return { undo, exits, added, before };
}

describe('watchProcess', () => {
  it('logs an unhandled rejection and ends the process with 1', () => {
    const lines: string[] = [];
    const { undo, exits, added } = watched(lines);
    added?.(new Error('nobody caught me'), Promise.resolve());
    undo();
    expect(exits).toEqual([1]);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'fatal',
      msg: 'unhandled error',
      err: { message: 'nobody caught me' },
    });
  });

  it('takes its handlers away again', () => {
    const signals = process.listenerCount('SIGTERM');
    const { undo, before } = watched();
    undo();
    expect(process.listeners('unhandledRejection')).toEqual(before);
    expect(process.listenerCount('SIGTERM')).toBe(signals);
  });
});
