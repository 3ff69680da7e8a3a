import { describe, expect, it } from 'vitest';
import { sideBySide } from './side-by-side.js';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('side by side', () => {
  it('keeps the order within a key and mixes different ones', async () => {
    const log: string[] = [];
    await sideBySide(
      ['a1', 'b1', 'a2', 'b2'],
      (item) => item[0]!,
      async (item) => {
        log.push(`${item}(`);
        await turn();
        log.push(`)${item}`);
      },
    );
    expect(log.slice(0, 2)).toEqual(['a1(', 'b1(']);
    for (const key of ['a', 'b']) {
      expect(log.filter((entry) => entry.includes(key))).toEqual([
        `${key}1(`,
        `)${key}1`,
        `${key}2(`,
        `)${key}2`,
      ]);
    }
  });

  it('throws what failed first, after everything else has ended, and skips what comes behind it', async () => {
    const done: string[] = [];
    const work = async (item: string) => {
      if (item === 'a1') throw new Error('first');
      await turn();
      done.push(item);
      if (item === 'b1') throw new Error('second');
    };
    await expect(sideBySide(['a1', 'a2', 'b1', 'c1'], (item) => item[0]!, work)).rejects.toThrow('first');
    expect(done).toEqual(['b1', 'c1']);
  });
});
