import { describe, expect, it } from 'vitest';
import { checkedDisplayName, checkedEmail, checkedPassword } from './account.js';
import { AttemptLimit } from './attempt-limit.js';
import {
  certificateNames,
  checkedIdentity,
  checkedProfile,
  checkedStationPassword,
  identityKey,
  needsCertificate,
  needsPassword,
  offeredProfile,
  profileMatches,
} from './station-credential.js';
import { APP_TOKEN_BYTES, appTokenValue, checkedTokenValue } from './token-value.js';

describe('token value', () => {
  it('Q44: of an app fits into a 1.6 idTag and looks like a card', () => {
    for (const byte of [0, 1, 127, 255]) {
      const value = appTokenValue(Buffer.alloc(APP_TOKEN_BYTES, byte).toString('base64url'));
      expect(value).toMatch(/^[0-9A-F]{20}$/);
      expect(checkedTokenValue(value)).toBe(value);
    }
  });

  it.each(['', '   ', 'x'.repeat(256), 'tab\there', '--'])('refuses the value %j', (value) => {
    expect(() => checkedTokenValue(value)).toThrow(/AUTH_TOKEN_VALUE/);
  });
});

describe('account fields', () => {
  it('folds an e-mail address', () => {
    expect(checkedEmail(' Dora@Example.ORG ')).toBe('dora@example.org');
  });

  it.each(['dora', 'a@b', 'a b@c.de', '<x>@y.zz', `${'x'.repeat(65)}@y.zz`])('refuses %j', (email) => {
    expect(() => checkedEmail(email)).toThrow(/AUTH_EMAIL/);
  });

  it('wants ten characters of password and a name', () => {
    expect(() => checkedPassword('short')).toThrow(/AUTH_PASSWORD/);
    expect(() => checkedDisplayName('  ')).toThrow(/AUTH_NAME/);
    expect(checkedPassword('long enough!')).toBe('long enough!');
  });
});

describe('station credential', () => {
  it('compares identities case-folded', () => {
    expect(identityKey('CP-01')).toBe(identityKey('cp-01'));
    expect(() => checkedIdentity('no\nlines')).toThrow(/AUTH_STATION_IDENTITY/);
  });

  it('wants 16 to 40 characters of password and profile 0 to 3', () => {
    expect(() => checkedStationPassword('fifteen-letters')).toThrow(/AUTH_STATION_PASSWORD/);
    expect(() => checkedStationPassword('x'.repeat(41))).toThrow(/AUTH_STATION_PASSWORD/);
    expect(checkedStationPassword('sixteen-letters!')).toBe('sixteen-letters!');
    for (const profile of [0, 1, 2, 3]) expect(checkedProfile(profile)).toBe(profile);
    for (const profile of [-1, 4, 1.5])
      expect(() => checkedProfile(profile)).toThrow(/AUTH_SECURITY_PROFILE/);
  });

  it.each([16, 20])('takes a key of %i bytes that are no text, in hexadecimal', (length) => {
    const bytes = Buffer.alloc(length, 0xfe);
    expect(checkedStationPassword(`hex:${bytes.toString('hex').toUpperCase()}`)).toEqual(bytes);
  });

  it('takes digits of another number of bytes as text, which may be too long', () => {
    const key = (bytes: number) => `hex:${'fe'.repeat(bytes)}`;
    expect(checkedStationPassword(key(15))).toBe(key(15));
    expect(() => checkedStationPassword(key(21))).toThrow(/AUTH_STATION_PASSWORD/);
  });

  it.each([
    [0, [0, 1, 2, 3]],
    [1, [1, 2, 3]],
    [2, [2, 3]],
    [3, [3]],
  ])('provisioned for profile %i takes %j: more than promised, never less', (provisioned, taken) => {
    expect([0, 1, 2, 3, 4].filter((offered) => profileMatches(provisioned, offered))).toEqual(taken);
  });

  it('is a password for profiles 1 and 2, a certificate for 3', () => {
    expect([0, 1, 2, 3].map(needsPassword)).toEqual([false, true, true, false]);
    expect([0, 1, 2, 3].map(needsCertificate)).toEqual([false, false, false, true]);
  });

  it.each([
    [3, { profile: 3, password: false, certificate: true }, 3],
    [3, { profile: 3, password: true, certificate: false }, 2],
    [3, { profile: 2, password: true, certificate: true }, 2],
    [2, { profile: 3, password: true, certificate: true }, 2],
    [1, { profile: 3, password: false, certificate: true }, 0],
    [0, { profile: 3, password: false, certificate: true }, 0],
    [2, { profile: 1, password: true, certificate: false }, 1],
  ])('provisioned for profile %i, %j counts as %i', (provisioned, offer, worth) => {
    expect(offeredProfile(provisioned, offer)).toBe(worth);
  });

  it.each([
    ['CP-KW-1', true],
    ['cp-kw-1', true],
    ['CP-KW-10', false],
    [' CP-KW-1', false],
    // The Kelvin sign, which folds to a k.
    ['CP-\u212aW-1', false],
    ['', false],
  ])('of the certificate: %j is the name of CP-kw-1: %s', (commonName, right) => {
    expect(certificateNames(identityKey('CP-kw-1'), commonName)).toBe(right);
  });
});

describe('attempt limit', () => {
  const at = (seconds: number) => new Date(Date.parse('2026-03-01T10:00:00Z') + seconds * 1000);
  const limit = () => new AttemptLimit({ failures: 3, windowMs: 60_000, capacity: 2 });

  it('lets the window pass after too many failures', () => {
    const attempts = limit();
    for (const second of [0, 10, 20]) attempts.failed('dora', at(second));
    expect(attempts.waitSeconds('dora', at(20))).toBe(40);
    expect(attempts.waitSeconds('dora', at(61))).toBe(0);
    expect(attempts.waitSeconds('dan', at(20))).toBe(0);
  });

  it('forgets failures after a success', () => {
    const attempts = limit();
    for (const second of [0, 1, 2]) attempts.failed('dora', at(second));
    attempts.succeeded('dora');
    expect(attempts.waitSeconds('dora', at(3))).toBe(0);
  });

  it('takes back one failure, not those before it', () => {
    const attempts = limit();
    for (const second of [0, 1, 2]) attempts.failed('dora', at(second));
    attempts.withdraw('dora', at(2));
    expect(attempts.waitSeconds('dora', at(3))).toBe(0);
    attempts.failed('dora', at(4));
    expect(attempts.waitSeconds('dora', at(4))).toBeGreaterThan(0);
    attempts.withdraw('dan', at(4));
    expect(attempts.waitSeconds('dan', at(4))).toBe(0);
  });

  it('learns what other pods counted within the window, and never less than it knows', () => {
    const attempts = limit();
    attempts.failed('dora', at(100));
    attempts.learn(
      'dora',
      [
        [at(90), 1],
        [at(100), 1],
        [at(20), 5],
      ],
      at(100),
    );
    expect(attempts.waitSeconds('dora', at(100))).toBe(0);
    attempts.learn(
      'dora',
      [
        [at(100), 2],
        [at(90), 1],
      ],
      at(100),
    );
    expect(attempts.waitSeconds('dora', at(100))).toBe(50);
    attempts.learn('dora', [], at(100));
    expect([attempts.waitSeconds('dora', at(100)), attempts.knows('dora', at(100))]).toEqual([50, true]);
    expect([attempts.knows('dora', at(161)), attempts.knows('dan', at(100))]).toEqual([false, false]);
    attempts.learn('dan', [[at(100), 1_000_000]], at(100));
    expect(attempts.waitSeconds('dan', at(100))).toBe(60);
  });

  it('remembers a bounded number of names', () => {
    const attempts = limit();
    for (const name of ['a', 'b', 'c']) for (const second of [0, 1, 2]) attempts.failed(name, at(second));
    expect(['a', 'b', 'c'].map((name) => attempts.waitSeconds(name, at(3)) > 0)).toEqual([false, true, true]);
  });
});
