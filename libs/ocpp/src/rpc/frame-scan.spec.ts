import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanText, scanValue } from './frame-scan.js';

describe('scanText', () => {
  it('is not misled by colons, braces and quotes inside strings', () => {
    expect(scanText('{"a:{":"[\\"b\\":{","c":[[1]]}')).toEqual({ depth: 3, properties: 2 });
  });

  it('reads a string that ends in an escaped backslash', () => {
    expect(scanText('{"a":"x\\\\","b":1}')).toEqual({ depth: 1, properties: 2 });
  });

  it('survives text that is not JSON', () => {
    expect(scanText('"never closed {{{').depth).toBe(0);
    expect(scanText(']]]').depth).toBe(0);
  });

  it('counts exactly the properties that JSON.parse keeps when no name comes twice', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(scanText(text).properties).toBe(scanValue(JSON.parse(text)).properties);
      }),
    );
  });
});
