import { describe, expect, it } from 'vitest';
import { tokenKey } from './token-key.js';

describe('tokenKey', () => {
  it('is the same for one card whatever the reader makes of it', () => {
    const spellings = [
      '04a1B2c3',
      '04:A1:B2:C3',
      ' 04 a1 b2 c3 ',
      '04-A1-B2-C3',
      '04.a1.b2.c3',
      '04_A1_B2_C3',
    ];
    expect(new Set(spellings.map(tokenKey))).toEqual(new Set(['04A1B2C3']));
  });

  it('tells different cards apart', () => {
    expect(tokenKey('04A1B2C3')).not.toBe(tokenKey('04A1B2C30'));
  });

  it('is empty when nothing but separators is there', () => {
    expect(tokenKey(' :-._')).toBe('');
  });
});
