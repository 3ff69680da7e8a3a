import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from './secret.js';

describe('Secret', () => {
  const secret = new Secret('hunter2');

  it('gives its value only when asked', () => {
    expect(secret.reveal()).toBe('hunter2');
  });

  it.each([
    ['a template', () => `${secret}`],
    ['concatenation', () => 'key ' + String(secret)],
    ['JSON', () => JSON.stringify({ secret })],
    ['inspection', () => inspect({ nested: { secret } }, { depth: 5, showHidden: true })],
    ['a spread copy', () => JSON.stringify({ ...secret })],
    ['its own keys', () => JSON.stringify(Object.entries(secret))],
  ])('does not show in %s', (_where, print) => {
    expect(print()).not.toContain('hunter2');
  });

  it('prints a fixed mark', () => {
    expect(`${secret}`).toBe('[redacted]');
    expect(JSON.stringify(secret)).toBe('"[redacted]"');
  });
});
