import { isUuid } from '@kilowatch/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { externalAccountId } from './external-account.js';

const ISSUER = 'https://login.example/realms/fleet';

describe('externalAccountId', () => {
  it('never changes: rows of all services are kept under it', () => {
    expect(externalAccountId(ISSUER, 'auth0|5f7c8ec7')).toBe('d900f447-f20a-8693-9d65-8cb1d236f2f8');
  });

  it('is a UUID of version 8 with the RFC variant, whatever the subject looks like', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (issuer, subject) => {
        const id = externalAccountId(issuer, subject);
        expect(isUuid(id)).toBe(true);
        expect(id[14]).toBe('8');
        expect('89ab').toContain(id[19]);
      }),
    );
  });

  it('tells apart subjects, issuers, and where one ends and the other begins', () => {
    const ids = [
      externalAccountId(ISSUER, 'anna'),
      externalAccountId(ISSUER, 'Anna'),
      externalAccountId('https://other.example', 'anna'),
      externalAccountId(`${ISSUER}a`, 'nna'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});
