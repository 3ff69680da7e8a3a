import { describe, expect, it } from 'vitest';
import { principalFromClaims } from './claims.js';
import { externalAccountId } from './external-account.js';
import { parseTrustedIssuers, type TrustedIssuerInput } from './trusted-issuers.js';

const base = { issuer: 'https://id.example', jwksUrl: 'https://id.example/jwks' };

/** Our own, unless `own` says otherwise. */
function issuer(change: Partial<TrustedIssuerInput> = {}, own = base.issuer) {
  const [parsed] = parseTrustedIssuers([{ ...base, ...change }], own);
  if (!parsed) throw new Error('no issuer');
  return parsed;
}

const foreign = () => issuer({ tenants: ['demo'] }, 'https://kilowatch.local');

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

  it('knows the sign-in of a token of our own, and believes no other issuer about it', () => {
    const claims = { sub: 'a1', tenant: 'demo', role: 'driver', sid: 's1' };
    expect(principalFromClaims(claims, issuer())?.sessionId).toBe('s1');
    expect(principalFromClaims(claims, foreign())).not.toHaveProperty('sessionId');
  });

  it('reads nested and namespaced claims of another issuer and maps its role names', () => {
    const other = issuer(
      {
        claims: { accountId: 'user.id', tenant: 'https://example.com/tenant', role: 'realm_access.roles' },
        roles: { 'kw-ops': 'operator' },
        tenants: ['demo'],
      },
      'https://kilowatch.local',
    );
    const claims = {
      user: { id: 'u' },
      'https://example.com/tenant': 'demo',
      realm_access: { roles: ['x', 'kw-ops'] },
    };
    expect(principalFromClaims(claims, other)).toEqual({
      accountId: externalAccountId(base.issuer, 'u'),
      tenant: 'demo',
      role: 'operator',
      scopes: [],
      external: { issuer: base.issuer, subject: 'u' },
    });
  });

  it('never takes the subject of another issuer for an account id of ours, not even when it is one', () => {
    const ours = '018f2c9e-0000-7000-8000-000000000001';
    const claims = { sub: ours, tenant: 'demo', role: 'admin' };
    expect(principalFromClaims(claims, issuer())?.accountId).toBe(ours);
    expect(principalFromClaims(claims, foreign())?.accountId).not.toBe(ours);
  });

  it.each([
    ['e-mail address and name', { email: ' Anna@Example.org', name: 'Anna ' }, 'anna@example.org', 'Anna'],
    [
      'an address its provider has not checked',
      { email: 'a@b.cd', email_verified: false },
      undefined,
      undefined,
    ],
    ['neither', { email: '', name: ' ' }, undefined, undefined],
  ])('takes from another issuer %s', (_what, more, email, name) => {
    const claims = { sub: 'a', tenant: 'demo', role: 'driver', ...more };
    const { external } = principalFromClaims(claims, foreign())!;
    expect([external?.email, external?.name]).toEqual([email, name]);
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
    [
      'an issuer twice',
      [
        { ...base, tenants: ['demo'] },
        { ...base, tenants: ['demo'] },
      ],
    ],
    ['one that may speak for every company', [base]],
    ['one with an empty list of companies', [{ ...base, tenants: [] }]],
    ['no list', base],
    ['one that says it is our own', [{ ...base, own: true }]],
  ])('refuses %s', (_what, input) => {
    expect(() => parseTrustedIssuers(input, 'https://kilowatch.local')).toThrow();
  });
});
