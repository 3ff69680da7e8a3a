import { describe, expect, it } from 'vitest';
import type { PriceFeedParts } from '../api/documents/prices.js';
import { clockText, curveFacts, feedFailureText, feedHealth, minuteOfDay } from './price-feed-words.js';

const feed: PriceFeedParts = {
  source: 'NORD_POOL',
  area: 'NO1',
  currency: 'EUR',
  timeZone: 'Europe/Brussels',
  publishMinute: 780,
  alertMinute: 1080,
  askedAt: '2026-12-01T12:00:00Z',
  answeredAt: '2026-12-01T12:00:00Z',
  dueAt: '2026-12-01T18:00:00Z',
  attempts: 0,
  failure: null,
};
const at = (hour: number) => `2026-12-01T${String(hour).padStart(2, '0')}:00:00Z`;
const stretch = (hour: number, value: string) => ({ start: at(hour), end: at(hour + 1), value, unit: 'EUR' });

describe('the health of a feed', () => {
  it.each<[Partial<PriceFeedParts>, string]>([
    [{}, 'Complete'],
    [{ attempts: 3 }, 'Incomplete'],
    [{ answeredAt: null }, 'Not answered yet'],
    [{ failure: 'BILLING_FEED_ANSWER', attempts: 2 }, 'Fails'],
  ])('with %j is %s', (over, text) => {
    expect(feedHealth({ ...feed, ...over }).text).toBe(text);
  });

  it('says how often it failed, and what to do where somebody can', () => {
    expect(feedFailureText(feed)).toBeUndefined();
    expect(feedFailureText({ ...feed, attempts: 2, failure: 'X_Y' })).toBe(
      'It failed 2 times in a row (X_Y) and is asked again by itself.',
    );
    expect(feedFailureText({ ...feed, attempts: 1, failure: 'BILLING_FEED_TOKEN' })).toContain(
      'KW_ENTSOE_TOKEN',
    );
  });
});

describe('the figures of a curve', () => {
  const now = Date.parse(at(11)) + 60_000;

  it('are those of now and of what is to come', () => {
    const stretches = [stretch(9, '0.01'), stretch(11, '0.10'), stretch(12, '-0.02'), stretch(13, '0.3')];
    const facts = curveFacts({ stretches, gaps: [] }, now);
    expect(facts).toEqual({ now: '0.10', lowest: '-0.02', highest: '0.3', knownUntil: at(14), gaps: [] });
  });

  it('call a hole a gap, and not what is not published yet', () => {
    const stretches = [stretch(10, '0.10'), stretch(12, '0.20')];
    const hole = { from: at(11), to: at(12) };
    const facts = curveFacts({ stretches, gaps: [hole, { from: at(13), to: at(23) }] }, now);
    expect(facts.now).toBeUndefined();
    expect(facts.gaps).toEqual([hole]);
  });

  it('are none where nothing is known', () => {
    expect(curveFacts({ stretches: [], gaps: [{ from: at(0), to: at(23) }] }, now)).toEqual({
      now: undefined,
      lowest: undefined,
      highest: undefined,
      knownUntil: undefined,
      gaps: [],
    });
  });
});

it('minutes of the day are hours on a clock, and back', () => {
  expect([0, 780, 1439].map(clockText)).toEqual(['00:00', '13:00', '23:59']);
  expect(['00:00', '13:00', '23:59', ''].map(minuteOfDay)).toEqual([0, 780, 1439, null]);
});
