import { decimal, ZERO } from '@kilowatch/kernel';
import { describe, expect, it } from 'vitest';
import { checkDunning, feeLimit, usualDunning, type DunningSettings } from './dunning-settings.js';

const usual = usualDunning('EUR', 'Europe/Amsterdam');
const withFees = (...fees: string[]): DunningSettings => withDays(14, ...fees);
const withDays = (days: number, ...fees: string[]): DunningSettings => ({
  ...usual,
  levels: fees.map((fee) => ({ days, fee: decimal(fee), blocks: false })),
});

describe('how a tenant asks for what is overdue', () => {
  it('costs nothing and blocks nobody where nothing was said', () => {
    expect(checkDunning(usual, '')).toEqual(usual);
    expect(usual.levels.every(({ fee, blocks }) => fee.eq('0') && !blocks)).toBe(true);
    expect(usual.interestPercent.eq(ZERO)).toBe(true);
  });

  it.each([
    ['no letter', { levels: [] }, 'BILLING_DUNNING_LEVELS'],
    ['four letters', withFees('0', '0', '0', '0'), 'BILLING_DUNNING_LEVELS'],
    ['half a day', { endDays: 1.5 }, 'BILLING_DUNNING_DAYS'],
    ['days that go back', { levels: [{ days: -1, fee: ZERO, blocks: false }] }, 'BILLING_DUNNING_DAYS'],
    ['a fee with parts of cents', withFees('1.001'), 'BILLING_DUNNING_FEE'],
    ['a fee below zero', withFees('-1'), 'BILLING_DUNNING_FEE'],
    ['a fee that is a mistake', withFees('100.01'), 'BILLING_DUNNING_FEE'],
    ['interest of usurers', { interestPercent: decimal('20.1') }, 'BILLING_DUNNING_INTEREST'],
    ['a smallest amount below zero', { smallest: decimal('-1') }, 'BILLING_DUNNING_AMOUNT'],
    ['a zone that is none', { timeZone: 'Europe/Atlantis' }, 'BILLING_DUNNING_TIME_ZONE'],
    ['a novel', { instructions: 'x'.repeat(501) }, 'BILLING_DUNNING_TEXT'],
    ['a currency that is none', { currency: 'XQQ' }, 'CURRENCY_UNKNOWN'],
  ])('has not %s', (_what, over, code) => {
    expect(() => checkDunning({ ...usual, ...over }, '')).toThrow(expect.objectContaining({ code }));
  });

  it.each(['NL', 'BE', 'DE'])('has a first letter for nothing in %s, as the law there says', (country) => {
    expect(() => checkDunning(withFees('0.01', '5'), country)).toThrow(
      expect.objectContaining({ code: 'BILLING_DUNNING_FEE' }),
    );
    expect(checkDunning(withFees('0', '5'), country).levels[1]!.fee.toFixed()).toBe('5');
  });

  it('has fees up to what the law says in its own money', () => {
    expect(feeLimit('SE', 2, 'SEK')!.most!.toFixed()).toBe('60');
    expect(feeLimit('SE', 2, 'EUR')!.most).toBeUndefined();
    expect(feeLimit('DK', 1, 'DKK')!.most!.toFixed()).toBe('100');
    expect(feeLimit('BE', 2, 'EUR')!.most!.toFixed()).toBe('7.5');
    expect(feeLimit('', 1, 'EUR')).toBeUndefined();
    expect(checkDunning(withFees('0', '7.50'), 'BE').levels).toHaveLength(2);
    expect(() => checkDunning(withFees('0', '7.51'), 'BE')).toThrow('at most 7.5');
    expect(() => checkDunning(withFees('0', '40.01'), 'NL')).toThrow('at most 40');
  });

  it.each([
    ['NL', 'EUR', 14],
    ['BE', 'EUR', 14],
    ['DK', 'DKK', 10],
  ])('gives the time in %s that the law gives before a letter costs something', (country, currency, days) => {
    expect(checkDunning({ ...withDays(days, '0', '5'), currency }, country).levels).toHaveLength(2);
    expect(() => checkDunning({ ...withDays(days - 1, '0', '5'), currency }, country)).toThrow(
      `${days} days`,
    );
    expect(checkDunning({ ...withDays(1, '0', '0'), currency }, country).levels).toHaveLength(2);
  });
});
