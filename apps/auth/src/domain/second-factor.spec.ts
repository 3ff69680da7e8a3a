import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  blockedUntil,
  foldedRecoveryCode,
  recoveryCode,
  totpStep,
  totpText,
  totpUri,
} from './second-factor.js';

// RFC 6238 appendix B, SHA-1, the last six of its eight digits.
const SECRET = Buffer.from('12345678901234567890');
const at = (seconds: number) => new Date(seconds * 1_000);

describe('codes by time', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
  ])('are those of RFC 6238 at %d s', (seconds, code) => {
    expect(totpStep(SECRET, code, at(seconds), -1)).toBe(Math.floor(seconds / 30));
  });

  it('count one step early and late, not two', () => {
    const step = Math.floor(1_111_111_109 / 30);
    for (const off of [-30, 0, 30])
      expect(totpStep(SECRET, '081804', at(1_111_111_109 + off), -1), `${off} s`).toBe(step);
    for (const off of [-60, 60])
      expect(totpStep(SECRET, '081804', at(1_111_111_109 + off), -1)).toBeUndefined();
  });

  it('never count twice, nor after a later one', () => {
    const step = Math.floor(59 / 30);
    expect(totpStep(SECRET, '287082', at(59), step)).toBeUndefined();
    expect(totpStep(SECRET, '287082', at(59), step + 1)).toBeUndefined();
    expect(totpStep(SECRET, '287082', at(59), step - 1)).toBe(step);
  });

  it.each(['', '28708', '2870822', 'abcdef', '-87082'])('"%s" is none', (code) => {
    expect(totpStep(SECRET, code, at(59), -1)).toBeUndefined();
  });

  it('may be typed in groups', () => {
    expect(totpStep(SECRET, '287 082', at(59), -1)).toBe(1);
  });

  it('are set up by a QR code or by typing', () => {
    expect(totpUri(SECRET, 'Kilowatch', 'a@b.cd')).toBe(
      'otpauth://totp/Kilowatch:a%40b.cd?issuer=Kilowatch&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=SHA1&digits=6&period=30',
    );
    expect(totpText(SECRET)).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  });
});

describe('recovery codes', () => {
  it('are read back however they are typed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 10, maxLength: 10 }), (bytes) => {
        const code = recoveryCode(bytes);
        expect(code).toMatch(/^[0-9a-z]{5}-[0-9a-z]{5}$/);
        expect(foldedRecoveryCode(code)).toBe(code);
        expect(foldedRecoveryCode(` ${code.toUpperCase().replace('-', ' ')} `)).toBe(code);
        expect(foldedRecoveryCode(code.replaceAll('0', 'O').replaceAll('1', 'l'))).toBe(code);
      }),
    );
  });
});

describe('guessing', () => {
  const now = at(0);
  it.each([
    [0, undefined],
    [4, undefined],
    [5, 60],
    [6, 120],
    [9, 960],
    [11, 3_600],
    [1_000, 3_600],
  ])('after %d failures waits %s s', (failures, seconds) => {
    expect(blockedUntil(failures, now)).toEqual(seconds === undefined ? undefined : at(seconds));
  });
});
