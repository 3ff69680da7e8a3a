import { afterEach, describe, expect, it, vi } from 'vitest';
import { Interrupted, interruption, unlessInterrupted, untilInterrupted } from './interruption.js';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** The handlers a tool has set on this process are called, no signal is sent. */
function signals(): { signal: AbortSignal; send: (name: 'SIGINT' | 'SIGTERM') => void; exits: unknown[] } {
  const handlers = new Map<string, () => void>();
  vi.spyOn(process, 'on').mockImplementation(((name: string, handler: () => void) => {
    handlers.set(name, handler);
    return process;
  }) as typeof process.on);
  const exits: unknown[] = [];
  vi.spyOn(process, 'exit').mockImplementation(((code: unknown) => exits.push(code)) as never);
  return { signal: interruption(), send: (name) => handlers.get(name)?.(), exits };
}

describe('Ctrl-C', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('aborts what runs (%s)', async (name) => {
    const { signal, send } = signals();
    const over = untilInterrupted(signal);
    expect(signal.aborted).toBe(false);
    send(name);
    await over;
    expect(signal.reason).toBeInstanceOf(Interrupted);
    await untilInterrupted(signal);
  });

  it('that npm passes on once more is the same one', () => {
    const { send, exits } = signals();
    send('SIGINT');
    send('SIGINT');
    expect(exits).toEqual([]);
  });

  it('a second time ends the process at once', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { send, exits } = signals();
    send('SIGINT');
    vi.advanceTimersByTime(1_001);
    send('SIGINT');
    expect(exits).toEqual([130]);
  });
});

describe('work that may be interrupted', () => {
  it('gives its result, or its own error', async () => {
    const { signal } = new AbortController();
    expect(await unlessInterrupted(signal, Promise.resolve(7))).toBe(7);
    await expect(unlessInterrupted(signal, Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await unlessInterrupted(undefined, 8)).toBe(8);
  });

  it('is left alone as soon as it is interrupted, before it began too', async () => {
    const controller = new AbortController();
    const never = new Promise<void>(() => undefined);
    const cut = expect(unlessInterrupted(controller.signal, never)).rejects.toBeInstanceOf(Interrupted);
    controller.abort(new Interrupted());
    await cut;
    await expect(unlessInterrupted(controller.signal, never)).rejects.toBeInstanceOf(Interrupted);
  });
});
