import { describe, expect, it } from 'vitest';
import { Deviation, equals, holds, oneOf } from './judge.js';

describe('equals', () => {
  it('compares values whatever the order of their fields', () => {
    expect(() => equals('x', { a: 1, b: [2] }, { b: [2], a: 1 })).not.toThrow();
    expect(() => equals('x', { a: 1, b: 2 }, { a: 1 })).toThrow(Deviation);
  });

  it('takes a field without a value for absent', () => {
    expect(() => equals('x', { a: 1, b: undefined }, { a: 1 })).not.toThrow();
    expect(() => equals('x', undefined, 1)).toThrow('x is absent, not 1');
  });
});

describe('holds', () => {
  it('lets an object hold more, at any depth, but a list no more items', () => {
    expect(() => holds('x', { a: [{ b: 1, c: 2 }], d: 3 }, { a: [{ b: 1 }] })).not.toThrow();
    expect(() => holds('x', { a: [1, 2] }, { a: [1] })).toThrow(Deviation);
  });

  it('names the place that differs', () => {
    expect(() => holds('frame', { a: [{ b: 1 }] }, { a: [{ b: 2 }] })).toThrow('frame.a[0].b is 1, not 2');
    expect(() => holds('frame', { a: null }, { a: { b: 1 } })).toThrow('frame.a is null');
  });
});

it('oneOf wants one of several', () => {
  expect(() => oneOf('x', 'a', ['a', 'b'])).not.toThrow();
  expect(() => oneOf('x', 'c', ['a', 'b'])).toThrow('x is "c", not one of a, b');
});
