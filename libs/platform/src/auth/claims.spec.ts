import { describe, expect, it } from 'vitest';
import { principalFromClaims } from './claims.js';
import { parseTrustedIssuers, type TrustedIssuerInput } from './trusted-issuers.js';

const base = { issuer: 'https://id.example', jwksUrl: 'https://id.example/jwks' };

function issuer(change: Partial<TrustedIssuerInput> = {}) {
  const [parsed] = parseTrustedIssuers([{ ...base, ...change }]);
  if (!parsed) throw new Error('no issuer');
  return parsed;
}

describe('principalFromClaims', () => {
  it('reads our own claims', () => {
    const claims = { sub: 'a1', tenant: 'demo', role: 'driver', scope: 'sessions:read sessions:start' };
    expect(principalFromClaims(claims, issuer())).toEqual({
      accountId: 'a1',
      tenant: 'demo',
      role: 'driver',
      scopes: ['sessions:read', 'sessions:start'],
    });
  });

  it('reads nested and namespaced claims of another issuer and maps its role names', () => {
    const other = issuer({
      claims: { accountId: 'user.id', tenant: 'https://example.com/tenant', role: 'realm_access.roles' },
      roles: { 'kw-ops': 'operator' },
    });
    const claims = {
      user: { id: 'u' },
      'https://example.com/tenant': 'demo',
      realm_access: { roles: ['x', 'kw-ops'] },
    };
    expect(principalFromClaims(claims, other)).toMatchObject({
      accountId: 'u',
      tenant: 'demo',
      role: 'operator',
      scopes: [],
    });
  });

  it('takes the weakest of several roles', () => {
    const claims = { sub: 'a', tenant: 'demo', role: ['admin', 'driver', 'operator'] };
    expect(principalFromClaims(claims, issuer())?.role).toBe('driver');
  });

  it.each([
    ['no account', { tenant: 'demo', role: 'driver' }],
    ['no tenant', { sub: 'a', role: 'driver' }],
    ['a tenant that is no slug', { sub: 'a', tenant: '*', role: 'driver' }],
    ['an unknown role', { sub: 'a', tenant: 'demo', role: 'root' }],
    ['a role inherited from the prototype', { sub: 'a', tenant: 'demo', role: 'constructor' }],
    ['an account that is an object', { sub: {}, tenant: 'demo', role: 'driver' }],
  ])('finds no principal in %s', (_what, claims) => {
    expect(principalFromClaims(claims, issuer())).toBeUndefined();
    expect(principalFromClaims(claims, issuer({ roles: {} }))).toBeUndefined();
  });

  it('does not let an issuer speak for a tenant that is not its own', () => {
    const claims = { sub: 'a', tenant: 'demo', role: 'admin' };
    expect(principalFromClaims(claims, issuer({ tenants: ['other'] }))).toBeUndefined();
    expect(principalFromClaims(claims, issuer({ tenants: ['demo'] }))).toBeDefined();
  });
});

describe('parseTrustedIssuers', () => {
  it.each([
    ['an unknown setting', [{ ...base, alg: 'HS256' }]],
    ['a JWKS address that is none', [{ ...base, jwksUrl: 'file:///keys' }]],
    ['an issuer twice', [base, base]],
    ['no list', base],
  ])('refuses %s', (_what, input) => {
    expect(() => parseTrustedIssuers(input)).toThrow();
  });
});
