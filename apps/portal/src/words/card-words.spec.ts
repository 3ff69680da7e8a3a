import { describe, expect, it } from 'vitest';
import { blockedText, cardName, cardWord, usedPlace, usedWord } from './card-words.js';

describe('a card', () => {
  it('is called by its holder’s name first, and always by what it is', () => {
    const card = { type: 'ISO14443', masked: '****D5E6' };
    expect(cardName({ ...card, name: null })).toBe('Card ****D5E6');
    expect(cardName({ ...card, name: 'Blue fob' })).toBe('Blue fob (Card ****D5E6)');
    expect(cardName({ type: 'eMAID', masked: '****42', name: null })).toBe('Contract of the car ****42');
    expect(cardName({ type: 'Chip', masked: '****1', name: '' })).toBe('Token ****1');
  });

  it('says who blocked it, and whom to ask', () => {
    expect(cardWord({ status: 'ACTIVE', blockedByHolder: false })).toEqual({ text: 'Active', tone: 'good' });
    expect(cardWord({ status: 'BLOCKED', blockedByHolder: true }).text).toBe('Blocked by you');
    expect(cardWord({ status: 'BLOCKED', blockedByHolder: false }).advice).toContain('Ask your operator');
    expect(cardWord({ status: 'EXPIRED', blockedByHolder: false }).advice).toContain('Ask your operator');
  });
});

describe('a use of a card', () => {
  const use = { purpose: 'START', status: 'ACCEPTED', offline: false };

  it('says what was done, or why not', () => {
    expect(usedWord(use)).toEqual({ text: 'Started charging', tone: 'good' });
    expect(usedWord({ ...use, purpose: 'AUTHORIZE' }).text).toBe('Shown');
    expect(usedWord({ ...use, status: 'BLOCKED' })).toEqual({
      text: 'Refused: it is blocked',
      tone: 'warn',
    });
    expect(usedWord({ ...use, status: 'SOMETHING_NEW' }).text).toBe('Refused: it was not accepted');
    expect(usedWord({ ...use, offline: true }).text).toContain('offline');
  });

  it('names the place as far as it is known', () => {
    expect(usedPlace({ locationName: 'Harbour', stationIdentity: 'CP-1', evseNumber: 2 })).toBe(
      'Harbour, CP-1, point 2',
    );
    expect(usedPlace({ locationName: null, stationIdentity: null, evseNumber: 0 })).toBe(
      'A station that is gone',
    );
  });
});

describe('what became of a block', () => {
  it('is never more than is known', () => {
    expect(blockedText([], 0)).toMatchObject({ tone: 'good' });
    expect(blockedText([], 1).text).toContain('goes on until somebody stops it');
    expect(blockedText(['STOPPED'], 0)).toMatchObject({ tone: 'good' });
    expect(blockedText(['STOPPED', 'UNKNOWN'], 0)).toMatchObject({ tone: 'warn' });
    const silent = { reason: 'STATION_SILENT', message: '' };
    expect(blockedText(['STOPPED', silent], 0).text).toContain('may still stop');
    expect(blockedText([{ reason: 'ALREADY_ENDED', message: '' }], 0)).toMatchObject({ tone: 'good' });
  });
});
