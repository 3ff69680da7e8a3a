import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupBy } from './group-by.js';

describe('groupBy', () => {
  it('keeps the order of keys as they appear, and of items within each', () => {
    const groups = groupBy(['bee', 'ant', 'bat', 'ape', 'cow'], (word) => word[0]);
    expect([...groups]).toEqual([
      ['b', ['bee', 'bat']],
      ['a', ['ant', 'ape']],
      ['c', ['cow']],
    ]);
    expect(groupBy([], String)).toEqual(new Map());
  });

  it('puts each item into one group, the one of its key', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 20 })), (numbers) => {
        const groups = groupBy(numbers, (number) => number % 3);
        expect([...groups.values()].flat().toSorted()).toEqual(numbers.toSorted());
        for (const [key, group] of groups) {
          expect(group).toEqual(numbers.filter((number) => Object.is(number % 3, key) || number % 3 === key));
        }
      }),
    );
  });
});
