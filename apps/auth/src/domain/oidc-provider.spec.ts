import { describe, expect, it } from 'vitest';
import { admitted, parseOidcProviders } from './oidc-provider.js';

const raw = {
  tenant: 'demo',
  id: 'corp',
  name: 'Corp',
  issuer: 'https://id.corp.example',
  clientId: 'kw',
  clientSecret: 'hush',
  roles: { 'kw-ops': 'operator', 'kw-drive': 'driver' },
  emailDomains: ['Corp.example'],
};
const [corp] = parseOidcProviders(JSON.stringify([raw]));
const anna = { email: 'Anna@corp.example', email_verified: true, name: 'Anna', roles: ['kw-ops'] };

describe('who is let in', () => {
  it('is as what their role says, the weakest of several', () => {
    expect(admitted(corp!, anna)).toEqual({ role: 'operator', email: 'anna@corp.example', name: 'Anna' });
    expect(admitted(corp!, { ...anna, roles: ['kw-ops', 'kw-drive', 'x'] })?.role).toBe('driver');
    const nested = { ...corp!, roleClaim: 'realm.roles' };
    expect(admitted(nested, { ...anna, realm: { roles: 'kw-ops' } })?.role).toBe('operator');
    expect(admitted({ ...corp!, defaultRole: 'driver' }, { ...anna, roles: [] })?.role).toBe('driver');
  });

  it.each([
    ['another domain', { email: 'anna@evil.example' }],
    ['a domain that ends alike', { email: 'anna@notcorp.example' }],
    ['an address with two domains', { email: 'anna@corp.example@evil.example' }],
    ['an address nobody confirmed', { email_verified: false }],
    ['an address of which nothing is said', { email_verified: undefined }],
    ['no address', { email: undefined }],
    ['no role of ours', { roles: ['admin', 'constructor'] }],
    ['no role', { roles: undefined }],
  ])('is nobody with %s', (_what, over) => {
    expect(admitted(corp!, { ...anna, ...over })).toBeUndefined();
  });
});

describe('the setting', () => {
  it.each([
    ['a provider twice', [raw, raw]],
    ['an unknown field', [{ ...raw, secret: 'x' }]],
    ['a role that is none', [{ ...raw, roles: { x: 'root' } }]],
    ['an issuer that is no address', [{ ...raw, issuer: 'file:///x' }]],
  ])('is refused with %s, and says nothing of the secret', (_what, list) => {
    try {
      parseOidcProviders(JSON.stringify(list));
      expect.unreachable();
    } catch (error) {
      expect(String(error)).not.toContain('hush');
    }
  });
});
