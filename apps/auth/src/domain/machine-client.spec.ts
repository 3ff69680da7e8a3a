import { describe, expect, it } from 'vitest';
import {
  checkedClientName,
  checkedGraceHours,
  checkedScopes,
  countingHashes,
  grantedScopes,
  type MachineClient,
} from './machine-client.js';

const NOW = new Date('2026-11-29T12:00:00Z');
const [NEW, OLD] = [Buffer.from('new'), Buffer.from('old')];
const client: MachineClient = {
  tenant: 'demo',
  id: 'c1',
  name: 'Fleet',
  scopes: ['sessions:read', 'tokens:write'],
  secretHash: NEW,
  previousHash: OLD,
  previousUntil: new Date('2026-11-29T13:00:00Z'),
  createdAt: NOW,
  lastUsedAt: undefined,
  revokedAt: undefined,
};

describe('secrets that count', () => {
  it.each([
    ['both while the old one is let go', client, [NEW, OLD]],
    ['the new one alone from then on', { ...client, previousUntil: NOW }, [NEW]],
    ['the only one', { ...client, previousHash: undefined, previousUntil: undefined }, [NEW]],
    ['none of a revoked client', { ...client, revokedAt: NOW }, []],
  ])('%s', (_what, held, hashes) => {
    expect(countingHashes(held, NOW)).toEqual(hashes);
  });
});

describe('scopes of a token', () => {
  it.each([
    [undefined, ['sessions:read', 'tokens:write']],
    ['tokens:write', ['tokens:write']],
    ['tokens:write  sessions:read tokens:write', ['sessions:read', 'tokens:write']],
    ['tokens:write accounts:write', undefined],
    ['', undefined],
    [' ', undefined],
  ])('asked for "%s": %s', (asked, scopes) => {
    expect(grantedScopes(client, asked)).toEqual(scopes);
  });
});

describe('what a client may be', () => {
  it('has a name, scopes that exist, and an old secret for a week at most', () => {
    const known = (scope: string) => scope.endsWith(':read');
    expect(checkedScopes(['b:read', 'a:read', 'b:read'], known)).toEqual(['a:read', 'b:read']);
    expect(() => checkedScopes(['a:write'], known)).toThrow('a:write');
    expect(() => checkedScopes([], known)).toThrow('AUTH_SCOPE');
    expect(checkedClientName(' Fleet ')).toBe('Fleet');
    for (const name of [' ', 'x'.repeat(101)])
      expect(() => checkedClientName(name)).toThrow('AUTH_CLIENT_NAME');
    expect(checkedGraceHours(168)).toBe(168);
    for (const hours of [-1, 169, 1.5, Number.NaN])
      expect(() => checkedGraceHours(hours)).toThrow('AUTH_GRACE');
  });
});
