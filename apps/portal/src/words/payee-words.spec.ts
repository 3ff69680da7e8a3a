import { describe, expect, it } from 'vitest';
import { agreedText, carriedTexts, endsBetween, lineText, monthBeside, monthsText } from './payee-words.js';

const money = (amount: string) => ({ amount, currency: 'EUR' });

describe('what was agreed with a payee', () => {
  it.each([
    ['ENERGY_SHARE', '12.5', '12.5 % of the net price of the energy'],
    ['PER_KWH', '0.05', '0.05 EUR for each kWh'],
    ['PER_SESSION', '0.25', '0.25 EUR for each session'],
  ] as const)('%s %s', (kind, value, text) => {
    expect(agreedText({ kind, value }, 'EUR')).toBe(text);
  });

  it('counts from a month on, until another, or never', () => {
    expect(monthsText({ firstMonth: '2026-03', lastMonth: null })).toBe('from 2026-03');
    expect(monthsText({ firstMonth: '2026-03', lastMonth: '2026-05' })).toBe('2026-03 to 2026-05');
    expect(monthsText({ firstMonth: '2026-03', lastMonth: '2026-02' })).toBe('never counts');
  });
});

describe('the end of an agreement', () => {
  it.each([
    ['2026-03', null, '2026-06', { first: '2026-05', last: undefined }],
    ['2026-08', null, '2026-06', { first: '2026-07', last: undefined }],
    ['2026-03', '2026-09', '2026-06', { first: '2026-05', last: '2026-09' }],
    ['2026-03', '2026-05', '2026-06', undefined],
    ['2026-08', '2026-07', '2026-06', undefined],
    ['2026-01', null, '2026-01', { first: '2025-12', last: undefined }],
  ])('from %s to %s, with %s to be stated next', (firstMonth, lastMonth, nextMonth, ends) => {
    expect(endsBetween({ firstMonth, lastMonth }, nextMonth)).toEqual(ends);
  });

  it('knows the turn of a year', () => {
    expect([monthBeside('2026-12', 1), monthBeside('2026-01', -1)]).toEqual(['2027-01', '2025-12']);
  });
});

describe('a statement', () => {
  it('says what each line is for, corrections too', () => {
    const line = {
      ...{ locationName: 'Square', value: '0.05', correction: true, sessions: 1 },
      ...{ energyWh: -5000, amount: money('-0.25'), kind: 'PER_KWH' as const },
    };
    expect(lineText(line, 'EUR')).toMatch(
      /^Correction of earlier months, Square: 0\.05 EUR for each kWh \(.*, 1 session\): .*0\.25$/,
    );
  });

  it('says what is carried over, where something is', () => {
    expect(carriedTexts({ carriedIn: money('0.00'), carriedOut: money('0.00') })).toEqual([]);
    expect(carriedTexts({ carriedIn: money('-1.00'), carriedOut: money('-2.00') })).toHaveLength(2);
  });
});
