import { describe, expect, it } from 'vitest';
import { dayText, entryText, nextText } from './dunning-words.js';

type Entry = Parameters<typeof entryText>[0];
const money = (amount: string) => ({ amount, currency: 'EUR' });
const entry: Entry = {
  ...{ at: '2026-03-28T08:00:00Z', change: 'LETTER' as const, level: 2, reason: '', by: null },
  ...{ owed: money('6.05'), fee: money('5.00'), interest: money('0.05'), amount: money('0.00') },
};

describe('a case of an overdue invoice', () => {
  it('says what follows, and on which day', () => {
    const next = { letter: 'FIRST_NOTICE', end: null, on: '2026-04-11' } as const;
    expect(nextText({ state: 'ACTIVE', next, pausedUntil: null })).toBe('First notice on 11 Apr 2026');
    const end = { letter: null, end: 'COLLECTION', on: '2026-05-11' } as const;
    expect(nextText({ state: 'ACTIVE', next: end, pausedUntil: null })).toMatch(/collector on 11 May 2026/);
    expect(nextText({ state: 'PAUSED', next: null, pausedUntil: '2026-05-01' })).toBe(
      'Goes on by itself on 1 May 2026',
    );
    expect(nextText({ state: 'COLLECTION', next: null, pausedUntil: null })).toBe('Nothing by itself');
    expect(nextText({ state: 'SETTLED', next: null, pausedUntil: null })).toBe('');
  });

  it('tells what happened with its sums', () => {
    expect(entryText(entry)).toBe('First notice: fee €5.00, interest €0.05');
    const none = money('0.00');
    const paid = { ...entry, change: 'PAYMENT', fee: none, interest: none, amount: money('2.00') } as const;
    expect(entryText(paid)).toBe('A part was paid: €2.00, €6.05 left');
    expect(entryText({ ...paid, change: 'SETTLED', amount: none })).toBe('Settled');
  });

  it('has days of the calendar, wherever they are read', () => {
    expect(dayText('2026-01-01')).toBe('1 Jan 2026');
  });
});
