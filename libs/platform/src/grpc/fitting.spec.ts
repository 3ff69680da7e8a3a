import { describe, expect, it } from 'vitest';
import { fitting, MAX_MESSAGE_BYTES } from './fitting.js';

const MB = 1024 * 1024;

describe('the rows that one answer has room for', () => {
  it.each([
    ['all of them', [1 * MB, 1 * MB, 1 * MB], 3],
    ['the first that fit', [2 * MB, 1 * MB, 2 * MB, 1], 2],
    ['one that fits by itself, and no second beside it', [3 * MB, 3 * MB], 1],
    ['one at least', [MAX_MESSAGE_BYTES + 1, 1], 1],
    ['none of none', [], 0],
  ])('are %s', (_which, sizes, count) => {
    expect(fitting(sizes, (size) => size)).toEqual(sizes.slice(0, count));
  });
});
