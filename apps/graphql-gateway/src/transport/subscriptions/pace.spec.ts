import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pace } from './pace.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

function paced(maxPending = 50, run: (id: string) => Promise<void> = async () => {}) {
  const ran: string[] = [];
  const pace = new Pace(250, maxPending, async (id) => {
    ran.push(id);
    await run(id);
  });
  return { pace, ran };
}

describe('Pace', () => {
  it('runs the first at once and a burst once more after the interval', async () => {
    const { pace, ran } = paced();
    for (let n = 0; n < 100; n++) pace.trigger('a');
    expect(ran).toEqual(['a']);
    await vi.advanceTimersByTimeAsync(0);
    for (let n = 0; n < 100; n++) pace.trigger('a');
    await vi.advanceTimersByTimeAsync(249);
    expect(ran).toEqual(['a']);
    await vi.advanceTimersByTimeAsync(1);
    expect(ran).toEqual(['a', 'a']);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ran).toEqual(['a', 'a']);
  });

  it('runs each of several ids, in order', async () => {
    const { pace, ran } = paced();
    for (const id of ['a', 'b', 'c']) pace.trigger(id);
    await vi.advanceTimersByTimeAsync(500);
    expect(ran).toEqual(['a', 'b', 'c']);
  });

  it('keeps what arrives while a run takes long, and never runs two at a time', async () => {
    let finish = () => {};
    const { pace, ran } = paced(50, () => new Promise((resolve) => (finish = resolve)));
    pace.trigger('a');
    pace.trigger('a');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(ran).toEqual(['a']);
    finish();
    await vi.advanceTimersByTimeAsync(0);
    expect(ran).toEqual(['a', 'a']);
  });

  it('drops the oldest of more ids than may wait', async () => {
    const { pace, ran } = paced(2);
    for (const id of ['a', 'b', 'c', 'd']) pace.trigger(id);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(ran).toEqual(['a', 'c', 'd']);
  });

  it('runs nothing after stop', async () => {
    const { pace, ran } = paced();
    pace.trigger('a');
    pace.trigger('b');
    pace.stop();
    pace.trigger('c');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(ran).toEqual(['a']);
  });
});
