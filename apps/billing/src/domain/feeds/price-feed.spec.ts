import { decimal } from '@kilowatch/kernel';
import { describe, expect, it } from 'vitest';
import type { Stretch } from './curve.js';
import {
  checkFeed,
  daysToHave,
  defaultsOf,
  deliveryDay,
  feedPath,
  MARKET_ZONE,
  outlookOf,
  readFeed,
  type FeedKey,
} from './price-feed.js';

const clock = { timeZone: MARKET_ZONE, publishMinute: 13 * 60, alertMinute: 18 * 60 };
const NL: FeedKey = { source: 'ENTSOE', area: '10YNL----------L' };
/** Brussels is an hour ahead of UTC in winter, two in summer. */
const noon = new Date('2026-01-15T11:00:00Z');
const known = (from: string, to: string): Stretch => ({
  start: new Date(from),
  end: new Date(to),
  value: decimal('0.1'),
  unit: 'EUR',
});
const idle = { attempts: 0, alertedFor: undefined, failed: false };

describe('a delivery day', () => {
  it.each([
    ['a winter day', '2026-01-15T11:00:00Z', '2026-01-14T23:00:00Z', 24],
    ['a summer day', '2026-07-15T11:00:00Z', '2026-07-14T22:00:00Z', 24],
    ['the day of 23 hours', '2026-03-29T11:00:00Z', '2026-03-28T23:00:00Z', 23],
    ['the day of 25 hours', '2026-10-25T11:00:00Z', '2026-10-24T22:00:00Z', 25],
  ])('%s', (_what, at, from, hours) => {
    const day = deliveryDay(new Date(at), MARKET_ZONE);
    expect(day.date).toBe(at.slice(0, 10));
    expect(day.from).toEqual(new Date(from));
    expect(day.to.getTime() - day.from.getTime()).toBe(hours * 3_600_000);
  });

  it('of tomorrow can be had once it is published', () => {
    expect(daysToHave(noon, clock).map(({ date }) => date)).toEqual(['2026-01-15']);
    expect(daysToHave(new Date('2026-01-15T12:00:00Z'), clock).map(({ date }) => date)).toEqual([
      '2026-01-15',
      '2026-01-16',
    ]);
  });
});

describe('what a source is asked', () => {
  const day = deliveryDay(new Date('2026-10-25T11:00:00Z'), MARKET_ZONE);
  it.each<[FeedKey, string, string]>([
    [
      NL,
      'EUR',
      '?documentType=A44&in_Domain=10YNL----------L&out_Domain=10YNL----------L&periodStart=202610242200&periodEnd=202610252300',
    ],
    [{ source: 'AWATTAR', area: 'DE' }, 'EUR', '?start=1792879200000&end=1792969200000'],
    [
      { source: 'OCTOPUS', area: 'AGILE-24-10-01/C' },
      'GBP',
      '/products/AGILE-24-10-01/electricity-tariffs/E-1R-AGILE-24-10-01-C/standard-unit-rates/?period_from=2026-10-24T22:00:00.000Z&period_to=2026-10-25T23:00:00.000Z&page_size=200',
    ],
    [
      { source: 'NORD_POOL', area: 'NO1' },
      'NOK',
      '/DayAheadPrices?date=2026-10-25&market=DayAhead&deliveryArea=NO1&currency=NOK',
    ],
  ])('%j in %s', (key, currency, path) => {
    expect(() => checkFeed(key, currency)).not.toThrow();
    expect(feedPath(key, currency, day)).toBe(path);
    expect(defaultsOf(key.source).alertMinute).toBeGreaterThan(defaultsOf(key.source).publishMinute);
  });

  it.each<[FeedKey, string, string]>([
    [{ source: 'ENTSOE', area: 'NL' }, 'EUR', 'BILLING_FEED_AREA'],
    [{ source: 'ENTSOE', area: '10YNL&x=1------L' }, 'EUR', 'BILLING_FEED_AREA'],
    [{ source: 'AWATTAR', area: 'CH' }, 'EUR', 'BILLING_FEED_AREA'],
    [{ source: 'OCTOPUS', area: '../../x/C' }, 'GBP', 'BILLING_FEED_AREA'],
    [{ source: 'NORD_POOL', area: 'no1' }, 'NOK', 'BILLING_FEED_AREA'],
    [{ source: 'AWATTAR', area: 'DE' }, 'GBP', 'BILLING_FEED_CURRENCY'],
  ])('is refused for %j in %s', (key, currency, code) => {
    expect(() => checkFeed(key, currency)).toThrow(expect.objectContaining({ kind: 'INVALID', code }));
  });

  it('must be in the currency that was wanted', () => {
    const answer = {
      text: () => '',
      json: () => ({
        currency: 'EUR',
        multiAreaEntries: [
          {
            deliveryStart: '2026-10-24T22:00:00Z',
            deliveryEnd: '2026-10-24T23:00:00Z',
            entryPerArea: { NO1: 1 },
          },
        ],
      }),
    };
    const key: FeedKey = { source: 'NORD_POOL', area: 'NO1' };
    expect(readFeed(key, 'EUR', answer)).toHaveLength(1);
    expect(() => readFeed(key, 'NOK', answer)).toThrow('The feed is in EUR, and NOK was wanted.');
  });
});

describe('when a feed is asked again', () => {
  const today = known('2026-01-14T23:00:00Z', '2026-01-15T23:00:00Z');
  const both = known('2026-01-14T23:00:00Z', '2026-01-16T23:00:00Z');
  const outlook = (curve: Stretch[], at: string, state: Partial<typeof idle> = {}) =>
    outlookOf(curve, new Date(at), clock, { ...idle, ...state });
  const minutesAfter = (at: string, due: Date) => (due.getTime() - Date.parse(at)) / 60_000;

  it.each([
    ['when tomorrow is published, if today is known', [today], '2026-01-15T11:00:00Z', 60],
    ['after six hours for corrections', [today], '2026-01-15T00:00:00Z', 360],
    ['after six hours for corrections, when tomorrow is known too', [both], '2026-01-15T13:00:00Z', 360],
    ['the next day when it is published, at the latest', [both], '2026-01-15T22:59:00Z', 360],
  ])('%s', (_what, curve, at, minutes) => {
    const { dueAt, attempts, missing } = outlook(curve, at);
    expect([minutesAfter(at, dueAt), attempts, missing]).toEqual([minutes, 0, undefined]);
  });

  it.each([
    [0, 1],
    [1, 2],
    [2, 5],
    [3, 10],
    [4, 20],
    [5, 30],
    [99, 30],
  ])('after %i attempts in a row in %i minutes', (attempts, minutes) => {
    const at = '2026-01-15T12:10:00Z';
    const found = outlook([today], at, { attempts });
    expect([minutesAfter(at, found.dueAt), found.attempts]).toEqual([minutes, attempts + 1]);
  });

  it('counts a failure though everything is known', () => {
    expect(outlook([both], '2026-01-15T13:00:00Z', { failed: true }).attempts).toBe(1);
  });

  // 18:00 in Brussels is 17:00 UTC.
  it('is not later than the hour at which the day is missed', () => {
    const at = '2026-01-15T16:45:00Z';
    expect(outlook([today], at, { attempts: 9 }).dueAt).toEqual(new Date('2026-01-15T17:00:00Z'));
  });

  it('tells that tomorrow is missing at that hour, once, with what is missing of it', () => {
    expect(outlook([today], '2026-01-15T16:59:00Z').missing).toBeUndefined();
    const { missing } = outlook([today], '2026-01-15T17:00:00Z');
    expect(missing).toMatchObject({
      date: '2026-01-16',
      gaps: [{ from: new Date('2026-01-15T23:00:00Z'), to: new Date('2026-01-16T23:00:00Z') }],
    });
    expect(
      outlook([today], '2026-01-15T17:30:00Z', { attempts: 5, alertedFor: '2026-01-16' } as never).missing,
    ).toBeUndefined();
    expect(outlook([both], '2026-01-15T17:00:00Z').missing).toBeUndefined();
    const most = [today, known('2026-01-15T23:00:00Z', '2026-01-16T22:45:00Z')];
    expect(outlook(most, '2026-01-15T17:00:00Z').missing!.gaps).toHaveLength(1);
  });

  it('keeps its hours in local time through the change of the clock', () => {
    // 13:00 in Brussels is 12:00 UTC on Saturday 2026-03-28, and 11:00 UTC the day after.
    const curve = [known('2026-03-27T23:00:00Z', '2026-03-29T22:00:00Z')];
    expect(outlook(curve, '2026-03-29T06:00:00Z').dueAt).toEqual(new Date('2026-03-29T11:00:00Z'));
    expect(outlook(curve, '2026-03-28T11:00:00Z').dueAt).toEqual(new Date('2026-03-28T12:00:00Z'));
  });
});
