import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskToken } from './mask.js';

describe('maskToken', () => {
  it('keeps the last four', () => {
    expect(maskToken('04A1B2C3D4')).toBe('****C3D4');
  });

  it('hides a short token whole', () => {
    expect(maskToken('1234567')).toBe('****');
    expect(maskToken('')).toBe('****');
  });

  it('never shows more than half of a token', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (token) => {
        const shown = maskToken(token).slice(4);
        expect(token.endsWith(shown)).toBe(true);
        expect(shown.length * 2).toBeLessThanOrEqual(token.length);
      }),
    );
  });
});
