import { describe, expect, it } from 'vitest';
import { storableText } from './storable-text.js';

describe('storableText', () => {
  it('shows where each NUL was, and keeps the length', () => {
    expect(storableText('a\u0000b\u0000')).toBe('a\uFFFDb\uFFFD');
  });

  it('leaves every other text as it is', () => {
    expect(storableText('Säule 7\n\t\u0001')).toBe('Säule 7\n\t\u0001');
  });
});
