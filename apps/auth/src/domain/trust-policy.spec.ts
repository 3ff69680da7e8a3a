import { describe, expect, it } from 'vitest';
import { checkedTrustChoices, DEFAULT_TRUST_POLICY, originOf, trustPolicyOf } from './trust-policy.js';

describe('policy about certificates', () => {
  it('P11, P13: fetches nothing, bridges nothing and accepts nothing unchecked until somebody says so', () => {
    expect(trustPolicyOf({})).toEqual(DEFAULT_TRUST_POLICY);
    expect(DEFAULT_TRUST_POLICY).toMatchObject({
      origins: [],
      softFailHours: 0,
      withoutResponder: 'REFUSE',
      crl: 'NEVER',
      requireMoDomain: true,
    });
  });

  it('keeps what was chosen, and takes null back', () => {
    const choices = checkedTrustChoices({ softFailHours: 12, requireMoDomain: false, crl: null });
    expect(choices).toEqual({ softFailHours: 12, requireMoDomain: false });
    expect(trustPolicyOf({ ...choices, softFailHours: null })).toMatchObject({
      softFailHours: 0,
      requireMoDomain: false,
    });
  });

  it('writes origins in one way, each once', () => {
    const origins = ['http://OCSP.example.com:80/', 'http://ocsp.example.com', 'https://host:8443'];
    expect(checkedTrustChoices({ origins }).origins).toEqual([
      'http://ocsp.example.com',
      'https://host:8443',
    ]);
  });

  it.each([
    'ocsp.example.com',
    'ftp://ocsp.example.com',
    'http://ocsp.example.com/path',
    'http://ocsp.example.com?x=1',
    'http://user:secret@ocsp.example.com',
    'http://*.example.com/x',
    'file:///etc/passwd',
    '',
  ])('refuses %j as an origin', (origin) => {
    expect(() => checkedTrustChoices({ origins: [origin] })).toThrow(/^AUTH_TRUST_ORIGIN/);
  });

  it.each([-1, 1.5, 73, Number.NaN])('refuses a soft fail of %d hours', (softFailHours) => {
    expect(() => checkedTrustChoices({ softFailHours })).toThrow(/^AUTH_TRUST_POLICY/);
  });

  it.each([
    ['http://ocsp.example.com/a?b#c', 'http://ocsp.example.com'],
    ['HTTP://OCSP.example.com:80/', 'http://ocsp.example.com'],
    ['http://ocsp.example.com@evil.example/', undefined],
    ['http://ocsp.example.com:80@evil.example/', undefined],
    ['javascript:alert(1)', undefined],
    ['', undefined],
  ])('the origin of %s is %s', (url, origin) => {
    expect(originOf(url)).toBe(origin);
  });
});
