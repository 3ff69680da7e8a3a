import { describe, expect, it } from 'vitest';
import { checkedNewPassword } from './password-policy.js';

const owner = { email: 'dora.jansen@example.org', displayName: 'Dora van Dijk' };

describe('a new password', () => {
  it.each([
    'correct horse battery',
    'kilowatch-admin-demo',
    '7391840265',
    'ostrich-pancake-44',
    'dora keeps an ostrich',
    'ünïcödé häppy',
  ])('may be "%s"', (password) => {
    expect(checkedNewPassword(password, owner)).toBe(password);
  });

  it.each([
    ['too short', 'short', 'AUTH_PASSWORD'],
    ['a common word with a year', 'Password2026!', 'AUTH_PASSWORD_COMMON'],
    ['a common word in disguise', 'P@ssw0rd12345', 'AUTH_PASSWORD_COMMON'],
    ['a row of the keyboard', 'qwertyuiop', 'AUTH_PASSWORD_COMMON'],
    ['a common word twice', 'passwordpassword', 'AUTH_PASSWORD_COMMON'],
    ['digits in order', '1234567890', 'AUTH_PASSWORD_COMMON'],
    ['digits backwards', '9876543210', 'AUTH_PASSWORD_COMMON'],
    ['letters in order', 'abcdefghijkl', 'AUTH_PASSWORD_COMMON'],
    ['one character', 'aaaaaaaaaaaa', 'AUTH_PASSWORD_COMMON'],
    ['what the product is called', 'Kilowatch123', 'AUTH_PASSWORD_COMMON'],
    ['the own address', 'dora.jansen@example.org', 'AUTH_PASSWORD_PERSONAL'],
    ['a part of it', 'JANSEN-1984', 'AUTH_PASSWORD_PERSONAL'],
    ['the own name', 'dora-dijk-1984', 'AUTH_PASSWORD_PERSONAL'],
  ])('is refused when it is %s', (_what, password, code) => {
    expect(() => checkedNewPassword(password, owner)).toThrow(
      expect.objectContaining({ kind: 'INVALID', code }),
    );
  });

  it('is not refused for a name of two letters', () => {
    const li = { email: 'li@example.org', displayName: 'Li' };
    expect(checkedNewPassword('a living elephant', li)).toBe('a living elephant');
  });
});
