import { describe, expect, it } from 'vitest';
import { chainProblems } from './certificate-chain.js';

const certificate = (subject: string, issuer: string) => ({ subject, issuer });
const leaf = certificate('CN=ocpp.example.com', 'CN=Intermediate');
const between = certificate('CN=Intermediate', 'CN=Root');

describe('the chain our port shows', () => {
  it('Q7: is fine from the leaf up to the root, which may be left out', () => {
    expect(chainProblems([leaf, between], 'CN=Root')).toEqual([]);
    expect(chainProblems([leaf, between, certificate('CN=Root', 'CN=Root')], 'CN=Root')).toEqual([]);
  });

  it('Q7: cannot be followed when a certificate is missing or in the wrong place', () => {
    const wrong = certificate('CN=Other', 'CN=Root');
    expect(chainProblems([leaf, wrong], undefined)).toEqual([
      { kind: 'BROKEN', after: 'CN=ocpp.example.com', missing: 'CN=Intermediate' },
    ]);
    expect(chainProblems([leaf], 'CN=Root')).toEqual([{ kind: 'ROOT_CHANGED', root: 'CN=Intermediate' }]);
    expect(chainProblems([], undefined)).toEqual([{ kind: 'EMPTY' }]);
  });

  it('Q7: is told apart when another root stands above it than stations hold', () => {
    const renewed = certificate('CN=Intermediate', 'CN=Root G2');
    expect(chainProblems([leaf, renewed], 'CN=Root')).toEqual([{ kind: 'ROOT_CHANGED', root: 'CN=Root G2' }]);
  });
});
