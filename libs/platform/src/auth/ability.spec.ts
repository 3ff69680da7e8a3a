import { tenantId } from '@kilowatch/kernel';
import { describe, expect, it } from 'vitest';
import { may, mayAll, mayOn, ownerLimit } from './ability.js';
import { PERMISSIONS, SCOPES, type Permission } from './permissions.js';
import { ROLES, type Principal, type Role } from './principal.js';

const ALL = Object.keys(PERMISSIONS) as Permission[];
const who = (role: Role, more: Partial<Principal> = {}): Principal => ({
  accountId: 'anna',
  tenant: tenantId('demo'),
  role,
  scopes: [],
  ...more,
});
const allowed = (principal: Principal, asked: typeof may) =>
  ALL.filter((permission) => asked(principal, permission));

describe('what a driver may', () => {
  const driver = who('driver');

  it('is own things, published places and tariffs', () => {
    expect(allowed(driver, mayAll)).toEqual(['personal:read', 'tariffs:read']);
    expect(mayOn(driver, 'sessions:read', { accountId: 'anna' })).toBe(true);
    expect(mayOn(driver, 'stations:read', { published: true })).toBe(true);
  });

  it('is nothing of another, of nobody, or unpublished', () => {
    for (const object of [{ accountId: 'berta' }, {}, { accountId: undefined }])
      expect(mayOn(driver, 'sessions:read', object)).toBe(false);
    expect(mayOn(driver, 'stations:read', { published: false })).toBe(false);
    expect(may(driver, 'devices:read')).toBe(false);
  });

  it('narrows queries to the account', () => {
    expect(ownerLimit(driver, 'sessions:read')).toBe('anna');
    expect(ownerLimit(who('operator'), 'sessions:read')).toBeUndefined();
    // Who may nothing at all is narrowed too: a forgotten rule finds nothing of others.
    expect(ownerLimit(who('partner'), 'sessions:read')).toBe('anna');
  });
});

describe('what the others may', () => {
  it('support reads what operators read, but people as they are, and changes only itself', () => {
    const operatorReads = allowed(who('operator'), mayAll).filter((one) => one.endsWith(':read'));
    expect(allowed(who('support'), mayAll)).toEqual(operatorReads.filter((one) => one !== 'personal:read'));
    expect(allowed(who('support'), may).filter((one) => one.endsWith(':write'))).toEqual([
      'accounts:write',
      'alerts:write',
    ]);
    expect(mayOn(who('support'), 'accounts:write', { accountId: 'berta' })).toBe(false);
  });

  it('operators all but accounts of others, machine clients, the audit log and whom certificates are believed below', () => {
    expect(ALL.filter((one) => !mayAll(who('operator'), one))).toEqual([
      'accounts:write',
      'audit:read',
      'clients:read',
      'clients:write',
      'trust:write',
    ]);
    expect(allowed(who('admin'), mayAll)).toEqual(ALL);
  });

  it('partners the published places, tariffs and their own party', () => {
    const partner = who('partner', { party: 'DE*ABC' });
    expect(allowed(partner, may)).toEqual([
      'accounts:read',
      'accounts:write',
      'partners:read',
      'stations:read',
      'tariffs:read',
    ]);
    expect(mayOn(partner, 'partners:read', { party: 'DE*ABC' })).toBe(true);
    expect(mayOn(partner, 'partners:read', { party: 'DE*XYZ' })).toBe(false);
    expect(mayOn(partner, 'partners:read', {})).toBe(false);
  });

  it('a partner whose party the token does not tell has none, not that of partners without one', () => {
    expect(may(who('partner'), 'partners:read')).toBe(false);
    expect(mayOn(who('partner'), 'partners:read', { party: undefined })).toBe(false);
  });

  it('machine clients their scopes of the whole tenant and nothing else, whatever the name', () => {
    const client = who('client', { scopes: ['stations:read', 'openid', 'sessions:all', 'accounts:write'] });
    expect(allowed(client, mayAll)).toEqual(['stations:read']);
    expect(allowed(client, may)).toEqual(['stations:read']);
    expect(allowed(who('client'), may)).toEqual([]);
  });

  it('scopes of people change nothing: a token with more of them has no more power', () => {
    for (const role of ROLES.filter((one) => one !== 'client'))
      expect(allowed(who(role, { scopes: [...SCOPES] }), may)).toEqual(allowed(who(role), may));
  });
});

it('no scope lets a client make accounts or further clients', () => {
  expect(ALL.filter((one) => !SCOPES.includes(one))).toEqual([
    'accounts:write',
    'cards:write',
    'clients:write',
  ]);
});
