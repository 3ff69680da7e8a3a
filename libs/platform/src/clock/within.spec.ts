import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { within } from './within.js';

const forever = new Promise<never>(() => {});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('within a time', () => {
  it('gives what the work gives, and leaves no timer', async () => {
    expect(await within(Promise.resolve('done'), 1_000, () => 'late')).toBe('done');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('rejects as the work does, and leaves no timer', async () => {
    await expect(within(Promise.reject(new Error('broken')), 1_000, () => 'late')).rejects.toThrow('broken');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives what stands for late work once the time is over, not before', async () => {
    let given: unknown;
    const run = within(forever, 1_000, () => 'late').then((value) => (given = value));
    await vi.advanceTimersByTimeAsync(999);
    expect(given).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    await run;
    expect(given).toBe('late');
  });

  it('rejects when lateness is an error', async () => {
    const run = within(forever, 1_000, () => {
      throw new Error('too late');
    });
    const refused = expect(run).rejects.toThrow('too late');
    await vi.advanceTimersByTimeAsync(1_000);
    await refused;
  });

  it('lets nobody hear of work that fails after its time', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    let fail: (error: Error) => void = () => {};
    const run = within(new Promise<void>((_, reject) => (fail = reject)), 1_000, () => undefined);
    await vi.advanceTimersByTimeAsync(1_000);
    await run;
    fail(new Error('after its time'));
    vi.useRealTimers();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});
