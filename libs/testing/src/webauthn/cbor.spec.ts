import { describe, expect, it } from 'vitest';
import { cbor, type CborValue } from './cbor.js';

describe('cbor', () => {
  // RFC 8949, appendix A.
  it.each<[CborValue, string]>([
    [0, '00'],
    [23, '17'],
    [24, '1818'],
    [100, '1864'],
    [1000, '1903e8'],
    [-1, '20'],
    [-10, '29'],
    [-100, '3863'],
    [-1000, '3903e7'],
    [Buffer.from('01020304', 'hex'), '4401020304'],
    ['', '60'],
    ['IETF', '6449455446'],
    [new Map(), 'a0'],
    [
      new Map([
        [1, 2],
        [3, 4],
      ]),
      'a201020304',
    ],
  ])('writes %o as the RFC does', (value, hex) => {
    expect(cbor(value).toString('hex')).toBe(hex);
  });
});
