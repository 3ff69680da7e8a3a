import { describe, expect, it } from 'vitest';
import { trustedIssuersFrom } from './trusted-issuers.js';

const own = { KW_JWT_ISSUER: 'https://own.example', KW_JWKS_URL: 'http://auth:4000/jwks' };
const more = (...issuers: object[]) => ({ KW_JWT_ISSUERS: JSON.stringify(issuers) });

describe('trustedIssuersFrom', () => {
  it('trusts nobody when nothing is configured', () => {
    expect(trustedIssuersFrom({})).toEqual([]);
  });

  it('trusts our own issuer with access tokens for kilowatch, beside further ones', () => {
    const issuers = trustedIssuersFrom({
      ...own,
      ...more({
        issuer: 'https://other.example',
        jwksUrl: 'https://other.example/jwks',
        type: 'JWT',
        tenants: ['demo'],
      }),
    });
    expect(issuers).toMatchObject([
      { issuer: 'https://own.example', audience: 'kilowatch', type: 'at+jwt', own: true },
      { issuer: 'https://other.example', audience: 'kilowatch', type: 'JWT', own: false },
    ]);
  });

  it.each([
    ['an issuer without keys', { KW_JWT_ISSUER: 'https://own.example' }],
    ['keys without an issuer', { KW_JWKS_URL: 'http://auth/jwks' }],
    ['what is no JSON', { KW_JWT_ISSUERS: '[' }],
    ['what is no list', { KW_JWT_ISSUERS: '{}' }],
    [
      'our own issuer again',
      { ...own, ...more({ issuer: 'https://own.example', jwksUrl: 'https://evil.example/jwks' }) },
    ],
  ])('refuses %s', (_what, config) => {
    expect(() => trustedIssuersFrom(config)).toThrow();
  });
});
