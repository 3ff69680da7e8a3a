import { describe, expect, it } from 'vitest';
import { batchLoad } from './batch-load.js';

function counting() {
  const calls: (readonly string[])[] = [];
  const load = async (keys: readonly string[]) => {
    calls.push(keys);
    return new Map(keys.filter((key) => key !== 'missing').map((key) => [key, key.toUpperCase()]));
  };
  return { calls, load };
}

describe('batchLoad', () => {
  it('loads the keys of one turn together, each once, and gives undefined for what is not there', async () => {
    const { calls, load } = counting();
    const context = {};
    const values = await Promise.all(
      ['a', 'b', 'a', 'missing'].map((key) => batchLoad(context, 'x', key, load)),
    );
    expect(values).toEqual(['A', 'B', 'A', undefined]);
    expect(calls).toEqual([['a', 'b', 'missing']]);
  });

  it('takes keys that arrive after the guards have run into the same batch', async () => {
    const { calls, load } = counting();
    const context = {};
    const late = async (key: string) => {
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
      return batchLoad(context, 'x', key, load);
    };
    await Promise.all([batchLoad(context, 'x', 'a', load), late('b')]);
    expect(calls).toEqual([['a', 'b']]);
  });

  it('never mixes two requests, nor two names', async () => {
    const { calls, load } = counting();
    const [one, two] = [{}, {}];
    await Promise.all([
      batchLoad(one, 'x', 'a', load),
      batchLoad(two, 'x', 'b', load),
      batchLoad(one, 'y', 'c', load),
    ]);
    expect(calls).toEqual([['a'], ['b'], ['c']]);
  });

  it('does not remember a failure', async () => {
    const context = {};
    await expect(batchLoad(context, 'x', 'a', () => Promise.reject(new Error('down')))).rejects.toThrow(
      'down',
    );
    await expect(batchLoad(context, 'x', 'a', counting().load)).resolves.toBe('A');
  });
});
