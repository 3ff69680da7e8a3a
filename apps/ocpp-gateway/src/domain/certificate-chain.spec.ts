import { describe, expect, it } from 'vitest';
import { chainProblems, type ChainCertificate } from './certificate-chain.js';

const DAY = 86_400_000;
const NOW = new Date('2026-03-01T10:00:00Z');
const inDays = (days: number) => new Date(NOW.getTime() + days * DAY);
const certificate = (subject: string, issuer: string, parts: Partial<ChainCertificate> = {}) => ({
  subject,
  issuer,
  validFrom: inDays(-100),
  validTo: inDays(200),
  ...parts,
});
const leaf = certificate('CN=ocpp.example.com', 'CN=Intermediate');
const between = certificate('CN=Intermediate', 'CN=Root');

describe('the chain our door shows', () => {
  it('Q7: is fine from the leaf up to the root, which may be left out', () => {
    expect(chainProblems([leaf, between], 'CN=Root', NOW)).toEqual([]);
    expect(chainProblems([leaf, between, certificate('CN=Root', 'CN=Root')], 'CN=Root', NOW)).toEqual([]);
  });

  it('Q7: is not to be followed when a certificate is missing or in the wrong place', () => {
    const wrong = certificate('CN=Other', 'CN=Root');
    expect(chainProblems([leaf, wrong], undefined, NOW)).toEqual([
      { kind: 'BROKEN', after: 'CN=ocpp.example.com', missing: 'CN=Intermediate' },
    ]);
    expect(chainProblems([leaf], 'CN=Root', NOW)).toEqual([
      { kind: 'ROOT_CHANGED', root: 'CN=Intermediate' },
    ]);
    expect(chainProblems([], undefined, NOW)).toEqual([{ kind: 'EMPTY' }]);
  });

  it('Q7: is told apart when another root stands above it than stations hold', () => {
    const renewed = certificate('CN=Intermediate', 'CN=Root G2');
    expect(chainProblems([leaf, renewed], 'CN=Root', NOW)).toEqual([
      { kind: 'ROOT_CHANGED', root: 'CN=Root G2' },
    ]);
  });

  it.each([
    ['EXPIRED', { validTo: inDays(0) }],
    ['EXPIRES_SOON', { validTo: inDays(29) }],
    ['NOT_YET_VALID', { validFrom: inDays(1) }],
  ])('Q7: tells %s of any of its certificates', (kind, parts) => {
    const old = certificate('CN=Intermediate', 'CN=Root', parts);
    expect(chainProblems([leaf, old], 'CN=Root', NOW)).toMatchObject([{ kind, subject: 'CN=Intermediate' }]);
  });
});
