import { describe, expect, it } from 'vitest';
import { explanationText, questionOf } from './authorize.js';

const HASH = { hashAlgorithm: 'SHA256', issuerNameHash: 'aa', issuerKeyHash: 'bb', serialNumber: '1' };

describe('kw authorize', () => {
  it('asks about a contract when hash data are given, as a station writes them', () => {
    const asked = questionOf({ 'hash-data': JSON.stringify({ ...HASH, responderURL: 'http://o' }) });
    expect(asked).toMatchObject({
      tokenType: 'eMAID',
      certificateHashes: [{ ...HASH, responderUrl: 'http://o' }],
    });
  });

  it.each([
    ['both ways to show a certificate', { chain: 'a.pem', 'hash-data': '{}' }],
    ['an EVSE that is no number', { evse: 'left' }],
    ['hash data that are none', { 'hash-data': '{' }],
    ['a file that is not there', { chain: '/nowhere/chain.pem' }],
  ])('refuses %s', (_name, options) => {
    expect(() => questionOf(options)).toThrow();
  });

  it('shows each step, what decided, and what the station may remember', () => {
    const found = {
      status: 'NOT_AT_THIS_TIME',
      reason: 'time_not_allowed',
      certificateStatus: 'Accepted',
      groupId: 'fleet',
      cacheExpiry: null,
      evseNumbers: [2],
      policyVersion: '2026-12/1.0',
      steps: [
        { rule: 'known', status: null, reason: null, text: 'The token is known.' },
        { rule: 'hours', status: 'NOT_AT_THIS_TIME', reason: 'time_not_allowed', text: 'Other hours.' },
      ],
    };
    expect(explanationText(found, true).split('\n')).toEqual([
      '  known                  The token is known.',
      'x hours                  Other hours.',
      '',
      'NOT_AT_THIS_TIME  time_not_allowed',
      'certificate   Accepted',
      'group         fleet',
      'only on EVSE  2',
      'policy        2026-12/1.0',
    ]);
    expect(explanationText(found, false)).toMatch(/^NOT_AT_THIS_TIME/);
  });
});
