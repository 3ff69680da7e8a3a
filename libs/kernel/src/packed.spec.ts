import { describe, expect, it } from 'vitest';
import { packed } from './packed.js';

const limits = { most: 3, mostSize: 10, sizeOf: (item: string) => item.length };
const byFirst = (item: string) => item[0];

describe('packed', () => {
  it('keeps keys apart and the order of each', () => {
    expect(packed(['a1', 'b1', 'a2', 'b2'], byFirst, limits)).toEqual([
      ['a1', 'a2'],
      ['b1', 'b2'],
    ]);
  });

  it('begins a new pack when one is full by count or by size, and gives a large item one to itself', () => {
    expect(packed(['a1', 'a2', 'a3', 'a4'], byFirst, limits)).toEqual([['a1', 'a2', 'a3'], ['a4']]);
    expect(packed(['a12345', 'a1234', 'a1'], byFirst, limits)).toEqual([['a12345'], ['a1234', 'a1']]);
    expect(packed(['a'.repeat(99), 'a1'], byFirst, limits)).toEqual([['a'.repeat(99)], ['a1']]);
  });

  it('asks whether an item goes with the first of the pack', () => {
    const goesWith = (item: string, first: string) => item.length === first.length;
    expect(packed(['a1', 'a2', 'a'], byFirst, { ...limits, goesWith })).toEqual([['a1', 'a2'], ['a']]);
  });

  it('counts an item for as many as it holds', () => {
    const counted = { ...limits, most: 5, countOf: (item: string) => Number(item[1]) };
    expect(packed(['a2', 'a3', 'a1', 'a9'], byFirst, counted)).toEqual([['a2', 'a3'], ['a1'], ['a9']]);
  });
});
