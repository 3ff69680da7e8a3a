import { describe, expect, it } from 'vitest';
import { aboutText, incidentWord, ruleText, signText } from './incident-words.js';

describe('an incident', () => {
  it('is told by what was noticed, also by a rule that is new', () => {
    expect(ruleText('TOKEN_GUESSING')).toBe('Somebody tries cards');
    expect(ruleText('MOON_PHASE' as never)).toBe('moon phase');
  });

  it('says how bad it is while it is open, and afterwards why it was closed', () => {
    const of = (status: 'OPEN' | 'CLOSED', closeReason: 'QUIET' | 'PERSON' | null = null) =>
      incidentWord({ status, severity: 'HIGH', closeReason });
    expect(of('OPEN')).toEqual({ text: 'High', tone: 'bad' });
    expect(of('CLOSED', 'PERSON')).toEqual({ text: 'Closed by a person', tone: 'quiet' });
    expect(of('CLOSED').text).toBe('Closed');
  });

  it('names who and where as far as it is known', () => {
    const nothing = { tokenMasked: null, identity: null, address: null, station: null };
    expect(aboutText(nothing)).toBe('');
    expect(aboutText({ ...nothing, tokenMasked: '****D5E6', station: { name: 'Bay 1' } })).toBe(
      '****D5E6 at Bay 1',
    );
    expect(aboutText({ ...nothing, identity: 'CP-1', address: '203.0.113.5' })).toBe(
      'as CP-1 from 203.0.113.5',
    );
  });

  it('shows each sign with what is known of it', () => {
    const sign = {
      ...{ id: '1', at: '2026-03-02T10:00:00Z', times: 1 },
      ...{ evseNumber: null, detail: null, replacedAddress: null },
    };
    const nobody = { tokenMasked: null, identity: null, address: null, station: null };
    expect(signText({ ...sign, ...nobody })).toBe('seen');
    const station = { id: 's', name: 'Bay 1' };
    expect(signText({ ...sign, ...nobody, station, evseNumber: 2, times: 3, detail: 'unknown_token' })).toBe(
      'at Bay 1, point 2: unknown token (3 times)',
    );
    const two = { address: '203.0.113.5', replacedAddress: '203.0.113.6' };
    expect(signText({ ...sign, ...nobody, ...two, station })).toBe(
      'at Bay 1 from 203.0.113.5: took the place of one from 203.0.113.6',
    );
  });
});
