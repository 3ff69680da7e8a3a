import { describe, expect, it } from 'vitest';
import { ExecutionSlots } from './execution-slots.js';

describe('ExecutionSlots', () => {
  it('never runs more than its size at a time, and everything in the end, failures included', async () => {
    const slots = new ExecutionSlots(3);
    let running = 0;
    let most = 0;
    const work = (n: number) =>
      slots.run(async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
        if (n % 4 === 0) throw new Error('failed');
        return n;
      });
    const results = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => work(n)));
    expect(most).toBe(3);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(15);
    expect(await slots.run(async () => 'free again')).toBe('free again');
  });
});
