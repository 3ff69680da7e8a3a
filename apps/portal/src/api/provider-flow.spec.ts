import { beforeEach, expect, it } from 'vitest';
import { keepFlow, pathBefore, takeFlow } from './provider-flow.js';

let kept: Map<string, string>;
const store = {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
  removeItem: (key: string) => void kept.delete(key),
};
beforeEach(() => {
  kept = new Map();
});

it('gives the flow back once, and the path as often as it is asked for', () => {
  keepFlow('flow', '/stations', store);
  expect([takeFlow(store), takeFlow(store)]).toEqual(['flow', undefined]);
  expect([pathBefore(store), pathBefore(store)]).toEqual(['/stations', '/stations']);
});

it('has nothing in a tab that did not go to a provider', () => {
  expect(takeFlow(store)).toBeUndefined();
  expect(pathBefore(store)).toBe('/');
});

it.each(['//evil.example', '/\\evil.example', 'https://evil.example', '/sign-in/provider', ''])(
  'goes to the start instead of to %j',
  (path) => {
    keepFlow('flow', path, store);
    expect(pathBefore(store)).toBe('/');
  },
);
