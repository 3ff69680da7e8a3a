import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUuid, uuidv7 } from './ids.js';

const random = fc.uint8Array({ minLength: 10, maxLength: 16 });
const instant = fc.date({ min: new Date(0), max: new Date('2200-01-01T00:00:00Z'), noInvalidDate: true });

describe('uuidv7', () => {
  it('writes the example of RFC 9562 appendix A.6', () => {
    const bytes = Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
    expect(uuidv7(new Date('2022-02-22T19:22:22.000Z'), bytes)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });

  it('always carries version 7 and the RFC variant', () => {
    fc.assert(
      fc.property(instant, random, (now, bytes) => {
        const id = uuidv7(now, bytes);
        expect(isUuid(id)).toBe(true);
        expect(id[14]).toBe('7');
        expect('89ab').toContain(id[19]);
      }),
    );
  });

  it('sorts by time', () => {
    fc.assert(
      fc.property(instant, instant, random, random, (a, b, ra, rb) => {
        fc.pre(a.getTime() < b.getTime());
        expect(uuidv7(a, ra) < uuidv7(b, rb)).toBe(true);
      }),
    );
  });

  it('refuses too little randomness and impossible times', () => {
    expect(() => uuidv7(new Date(0), new Uint8Array(9))).toThrow('ID_RANDOM_TOO_SHORT');
    expect(() => uuidv7(new Date(Number.NaN), new Uint8Array(10))).toThrow('ID_TIME_OUT_OF_RANGE');
    expect(() => uuidv7(new Date(-1), new Uint8Array(10))).toThrow('ID_TIME_OUT_OF_RANGE');
  });
});

describe('isUuid', () => {
  it.each([
    '',
    'abc',
    '017F22E2-79B0-7CC3-98C4-DC0C0C07398F',
    "017f22e2-79b0-7cc3-98c4-dc0c0c07398f' or 1=1",
  ])('refuses "%s"', (text) => {
    expect(isUuid(text)).toBe(false);
  });
});
