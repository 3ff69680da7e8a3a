import { describe, expect, it } from 'vitest';
import { SHOWN_AFTER_END_MS, tellingOf, type KnownCost, type TellingState } from './cost-telling.js';

const NOW = new Date('2026-11-28T12:00:00Z');
const PACE_MS = 60_000;
const ago = (ms: number) => new Date(NOW.getTime() - ms);

const cost = (amount: string, over: Partial<KnownCost> = {}): KnownCost => ({
  final: false,
  amount,
  currency: 'EUR',
  ...over,
});
const telling = (
  known: KnownCost | undefined,
  over: Partial<TellingState> & { endedAt?: Date | undefined } = {},
) => {
  const { endedAt, ...state } = over;
  return tellingOf({ currency: 'EUR', told: '', silent: false, ...state }, known, endedAt, NOW, PACE_MS);
};
const WAIT = { kind: 'WAIT', ms: PACE_MS };
const OVER = { kind: 'OVER' };

describe('the running cost', () => {
  it('is told when it is another one than the station shows', () => {
    expect(telling(cost('1.21'))).toEqual({ kind: 'TELL', amount: '1.21' });
    expect(telling(cost('1.33'), { told: '1.21' })).toEqual({ kind: 'TELL', amount: '1.33' });
  });

  it('is told from 0 on: a station shows what it is told', () => {
    expect(telling(cost('0.00'))).toEqual({ kind: 'TELL', amount: '0.00' });
  });

  it('is not repeated while it stays', () => {
    expect(telling(cost('1.21'), { told: '1.21' })).toEqual(WAIT);
  });

  it('waits for a price', () => {
    expect(telling(undefined)).toEqual(WAIT);
  });

  it('is not told in a currency that the station does not show', () => {
    expect(telling(cost('1.21', { currency: 'DKK' }))).toEqual(WAIT);
    expect(telling(cost('1.21', { currency: 'DKK' }), { currency: '' }).kind).toBe('TELL');
  });

  it('is not told to a station that knows no such message', () => {
    expect(telling(cost('1.21'), { silent: true })).toEqual(WAIT);
    expect(telling(cost('1.21', { final: true }), { silent: true, endedAt: NOW })).toEqual(OVER);
  });
});

describe('the final cost', () => {
  const final = cost('3.63', { final: true });

  it('is told when the CDR stands, and never guessed before', () => {
    expect(telling(cost('3.60'), { endedAt: ago(2_000) })).toEqual({ kind: 'WAIT', ms: 5_000 });
    expect(telling(final, { endedAt: ago(2_000), told: '3.60' })).toEqual({ kind: 'TELL', amount: '3.63' });
  });

  it('is not repeated when the last running cost was the same', () => {
    expect(telling(final, { endedAt: ago(2_000), told: '3.63' })).toEqual(OVER);
  });

  it('is left out when it cannot be shown', () => {
    expect(telling(final, { endedAt: ago(2_000), currency: 'DKK' })).toEqual(OVER);
  });

  it('is given up once nobody looks any more: a queue that was offline for days', () => {
    expect(telling(final, { endedAt: ago(SHOWN_AFTER_END_MS + 1) })).toEqual(OVER);
    expect(telling(undefined, { endedAt: ago(SHOWN_AFTER_END_MS + 1) })).toEqual(OVER);
  });
});
