import { describe, expect, it } from 'vitest';
import { createLogger } from '../log/logger.js';
import { Shutdown, onTerminate } from './shutdown.js';

const silent = createLogger({ service: 'test', level: 'silent' });

describe('shutdown', () => {
  it('closes in reverse order, once, and goes on after a failing step', async () => {
    const closed: string[] = [];
    const shutdown = new Shutdown(silent);
    shutdown.onClose('database', async () => void closed.push('database'));
    shutdown.onClose('broken', async () => {
      throw new Error('cannot close');
    });
    shutdown.onClose('http', async () => void closed.push('http'));
    await Promise.all([shutdown.run(), shutdown.run()]);
    expect(closed).toEqual(['http', 'database']);
  });

  it('does not wait for a step that hangs', async () => {
    const closed: string[] = [];
    const shutdown = new Shutdown(silent, 10);
    shutdown.onClose('database', async () => void closed.push('database'));
    shutdown.onClose('hanging', () => new Promise(() => {}));
    await shutdown.run();
    expect(closed).toEqual(['database']);
  });

  it('drains on the first signal and leaves at once on the second', async () => {
    const codes: number[] = [];
    const undo = onTerminate(
      () => new Promise(() => {}),
      (code) => void codes.push(code),
    );
    process.emit('SIGTERM');
    expect(codes).toEqual([]);
    process.emit('SIGTERM');
    expect(codes).toEqual([1]);
    undo();
  });
});
